/** The Content Security Policy of every page of the site, and what pages must be for it. */

import { createHash } from "node:crypto";

/** Attributes of an element that the policy would refuse. */
const INLINE_STYLE = / style="[^"]*"/g;

const INLINE_SCRIPT = /<script(?![^>]*\ssrc=)[^>]*>([^]*?)<\/script>/g;

/**
 * The policy of a page whose inline scripts have these texts. Nothing of another host, no `eval`, no inline style.
 *
 * @param {readonly string[]} scripts
 */
const policyFor = (scripts) => {
  const hashes = scripts.map((text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`);
  return [
    "default-src 'none'",
    ["script-src 'self'", ...hashes].join(" "),
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
};

/** The texts of a page's inline scripts. @param {string} html */
export const inlineScripts = (html) => [...html.matchAll(INLINE_SCRIPT)].map(([, text]) => text);

/**
 * A page with its policy, before anything that the policy is about. The few `style` attributes that VitePress renders
 * on the server are set again by its scripts, which may.
 *
 * @param {string} html
 */
export const withPolicy = (html) => {
  const plain = html.replace(/<(?!script)[a-z][^>]*>/g, (tag) => tag.replace(INLINE_STYLE, ""));
  const policy = policyFor(inlineScripts(plain));
  return plain.replace(
    /<meta charset="utf-8">/,
    (charset) => `${charset}\n    <meta http-equiv="Content-Security-Policy" content="${policy}">`,
  );
};
