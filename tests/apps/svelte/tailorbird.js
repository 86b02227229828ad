import { createTailorbird, feature, variant } from "tailorbird/svelte";
import { OPTIONS } from "../config.mjs";

export const tailorbird = createTailorbird(OPTIONS);
export const hero = variant(tailorbird, "hero");
export const layout = variant(tailorbird, "layout");
export const checkout = feature(tailorbird, "checkout");
