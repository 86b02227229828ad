// What the tests use of packages that bring no types along.

declare module "react-dom" {
  export function flushSync(run: () => void): void;
}

declare module "react-dom/client" {
  import type { ReactNode } from "react";
  export function createRoot(container: Element): { render(node: ReactNode): void; unmount(): void };
  export function hydrateRoot(container: Element, node: ReactNode): unknown;
}

declare module "react-dom/server" {
  import type { ReactNode } from "react";
  export function renderToString(node: ReactNode): string;
}

declare module "vue/dist/vue.esm-bundler.js" {
  export * from "vue";
}

declare module "jquery" {
  /** Elements of the page, and nodes where they are contents. */
  interface Found {
    readonly length: number;
    addClass(name: string): Found;
    append(...content: (string | Found | Found[])[]): Found;
    attr(attributes: { [name: string]: string }): Found;
    attr(name: string, value: string): Found;
    contents(): Found;
    data(key: string): { by: string } | undefined;
    data(key: string, value: { by: string }): Found;
    empty(): Found;
    find(selector: string): Found;
    first(): Found;
    insertAfter(place: Found): Found;
    on(event: string, listener: (event: Event) => void): Found;
    on(event: string, selector: string, listener: (event: Event) => void): Found;
    remove(): Found;
    text(): string;
    text(text: string): Found;
  }
  export default function $(given?: string | EventTarget | null): Found;
}
