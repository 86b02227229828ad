import { Slot } from "tailorbird/react";
import { BOOTS, DEFAULT } from "../config.mjs";

export default function Late() {
  return (
    <section id="late">
      <Slot name="late" variants={{ boots: <h2>{BOOTS}</h2> }}>
        <h2>{DEFAULT}</h2>
      </Slot>
    </section>
  );
}
