// The ids and keys of "site.json", for TypeScript. Written by `tailorbird types`; not to be edited, but
// written anew when the config changes.

export {};

declare module "tailorbird" {
  interface Keys {
    slots: {
      "hero": "boots" | "tents";
      "banner": "free-delivery";
      "later": never;
    };
    features: {
      "checkout": "classic" | "express" | "one-page";
      "new-search": boolean;
      "results": number;
      "banner-text": "Winter sale" | null;
      "gift": "card" | null;
      "theme": {
        readonly "colour": "green" | "red";
        readonly "cards": {
          readonly "columns": number | null;
          readonly "tags": readonly string[];
        };
        readonly "shadow"?: boolean;
      };
      "recommended": readonly {
        readonly "item": string;
        readonly "price"?: number;
      }[];
      "anything": "off" | number | readonly Json[] | {
        readonly "mode": "auto";
      };
      "region":
        | "elsewhere"
        | "Baden-Württemberg"
        | "Bayern"
        | "Berlin"
        | "Brandenburg"
        | "Bremen"
        | "Hamburg"
        | "Hessen"
        | "Niedersachsen";
    };
    prompts: "save-cart";
    segments: "full-basket" | "hikers";
    areas: "bern";
    events:
      | "view_item"
      | "select_item"
      | "add_to_wishlist"
      | "add_to_cart"
      | "begin_checkout"
      | "purchase"
      | "interested"
      | "not_interested"
      | "newsletter_signup"
      | "book_a_tour";
  }
}
