// The ids and keys of "hostile.json", for TypeScript. Written by `tailorbird types`; not to be edited, but
// written anew when the config changes.

export {};

declare module "tailorbird" {
  interface Keys {
    slots: {
      "constructor": "hasOwnProperty";
      "7": "0" | "default";
    };
    features: {
      "2": number;
      "": "";
      "__proto__": {
        readonly "constructor": number;
      };
      "toString": boolean;
      "a\"b'c`d\\": "\"; }; \\";
      "line\nfeed\u000d\u2028\u2029": "a\n*/ } // ${b}\u0000";
      "*/ export const evil = 1; /*": "<!-- -->";
      "left\u202eright\ufeff\u200b": "\u2066x\u2069";
      "Größe 靴 👢": "groß" | "größer";
      "readonly x?: any": {
        readonly "readonly y?": "any";
        readonly "z: never; }": readonly Json[];
      };
      "ring": number | null;
    };
    prompts: never;
    segments: never;
    areas: never;
    events:
      | "view_item"
      | "select_item"
      | "add_to_wishlist"
      | "add_to_cart"
      | "begin_checkout"
      | "purchase"
      | "interested"
      | "not_interested";
  }
}
