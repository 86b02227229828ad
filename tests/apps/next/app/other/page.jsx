import { Slot } from "tailorbird/react";
import { BOOTS, DEFAULT } from "../../../config.mjs";

export default function Other() {
  return (
    <main id="app">
      <p id="elsewhere">Elsewhere</p>
      <Slot name="hero" variants={{ boots: <h1>{BOOTS}</h1> }}>
        <h1>{DEFAULT}</h1>
      </Slot>
    </main>
  );
}
