import { Suspense } from "react";
import { Slot } from "tailorbird/react";
import { BOOTS, DEFAULT, latency } from "../../config.mjs";
import { Shop } from "../../react_parts.jsx";

/** @typedef {{ searchParams: Promise<{ [name: string]: string }> }} PageProps */

// A part of the page that is sent later, and hydrated later: a slot of it is a server component's.
/** @param {PageProps} props */
const Late = async ({ searchParams }) => {
  await latency(Object.keys(await searchParams).join());
  return (
    <section id="late">
      <Slot name="late" variants={{ boots: <h2>{BOOTS}</h2> }}>
        <h2>{DEFAULT}</h2>
      </Slot>
    </section>
  );
};

/** @param {PageProps} props */
export default function Page({ searchParams }) {
  return (
    <main id="app">
      <Shop />
      <Suspense fallback={<p>Loading</p>}>
        <Late searchParams={searchParams} />
      </Suspense>
    </main>
  );
}
