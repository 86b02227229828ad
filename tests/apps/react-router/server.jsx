import { PassThrough } from "node:stream";
import { renderToPipeableStream } from "react-dom/server";
import { StaticRouter } from "react-router";
import { App } from "./app.jsx";

/** @type {import("../vite_app.mjs").Render} */
export const render = (url) =>
  new Promise((resolve, reject) => {
    const { pipe } = renderToPipeableStream(
      <StaticRouter location={url}>
        <App />
      </StaticRouter>,
      { onShellReady: () => resolve(pipe(new PassThrough({ encoding: "utf8" }))), onShellError: reject },
    );
  });
