import { lazy, StrictMode, Suspense } from "react";
import { Link, Route, Routes } from "react-router";
import { Slot, TailorbirdProvider, useVariant } from "tailorbird/react";
import { BOOTS, DEFAULT, latency, OPTIONS } from "../config.mjs";
import { Shop, Visitor } from "../react_parts.jsx";

// A part of the page that is hydrated later.
const Late = lazy(async () => {
  if (typeof document != "undefined") await latency(location.search);
  return import("./late.jsx");
});

const Home = () => {
  // It renders again before the part in it is hydrated.
  const { variant } = useVariant("layout");
  return (
    <main id="app" className={variant ?? "default"}>
      <Shop />
      <Suspense fallback={<p>Loading</p>}>
        <Late />
      </Suspense>
    </main>
  );
};

const Other = () => (
  <main id="app">
    <p id="elsewhere">Elsewhere</p>
    <Slot name="hero" variants={{ boots: <h1>{BOOTS}</h1> }}>
      <h1>{DEFAULT}</h1>
    </Slot>
  </main>
);

// Two providers, as in a page with two roots: there is one engine.
export const App = () => (
  <StrictMode>
    <TailorbirdProvider options={OPTIONS}>
      <Visitor />
      <nav>
        <Link id="home" to="/">
          Home
        </Link>
        <Link id="other" to="/other">
          Other
        </Link>
      </nav>
      <TailorbirdProvider options={OPTIONS}>
        <Routes>
          <Route path="/" element={<Home />} />
          <Route path="/other" element={<Other />} />
        </Routes>
      </TailorbirdProvider>
    </TailorbirdProvider>
  </StrictMode>
);
