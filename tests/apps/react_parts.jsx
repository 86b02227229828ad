"use client";
// What the two React apps have in common.

import { useEffect, useState } from "react";
import { Slot, useFeature, useTailorbird, useTrack, useVariant } from "tailorbird/react";
import { BOOTS, DEFAULT, visitor } from "./config.mjs";

/** Says who the visitor is, and lets the test have the engine. */
export const Visitor = () => {
  const tailorbird = useTailorbird();
  useEffect(() => {
    tailorbird.attributes(visitor());
    void tailorbird.engine.then((engine) => {
      window.engine = engine;
    });
  }, [tailorbird]);
  return null;
};

const Layout = () => {
  const { variant, ready } = useVariant("layout");
  return <p id="layout">{ready ? (variant ?? "default") : "deciding"}</p>;
};

const Checkout = () => {
  const { value, ready } = useFeature("checkout");
  return <p id="checkout">{ready ? String(value) : "deciding"}</p>;
};

export const Shop = () => {
  const [clicks, setClicks] = useState(0);
  const [isOpen, setOpen] = useState(true);
  const track = useTrack();
  return (
    <div id="shop">
      <button id="click" onClick={() => setClicks(clicks + 1)}>
        Click
      </button>
      <button id="toggle" onClick={() => setOpen(!isOpen)}>
        Toggle
      </button>
      <button id="track" onClick={() => track("add_to_cart", { items: [{ item_id: "b-7" }] })}>
        Add
      </button>
      {isOpen && (
        <Slot
          name="hero"
          className="hero"
          variants={{
            boots: (
              <h1>
                {BOOTS} <i>{clicks}</i>
              </h1>
            ),
          }}
        >
          <h1>
            {DEFAULT} <i>{clicks}</i>
          </h1>
        </Slot>
      )}
      <Layout />
      <Checkout />
    </div>
  );
};
