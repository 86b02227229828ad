import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import ts from "typescript-eslint";

export default defineConfig(
  { ignores: ["dist*/", "pkg*/", "target/", "test-results/", "**/.next/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["www/**/*.ts"],
    extends: [js.configs.recommended, ts.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // Our interfaces are implemented by closures: a method may be taken from its object, because it has no `this`.
      "@typescript-eslint/unbound-method": "off",
      // `noUncheckedIndexedAccess` asks for it in counted loops, which we prefer because pages may break iterators.
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // A site adds the ids of its config to `Keys`.
      "@typescript-eslint/no-empty-object-type": ["error", { allowWithName: "^Keys$" }],
    },
  },
  {
    files: ["**/*.{js,jsx,mjs}"],
    extends: [js.configs.recommended],
    languageOptions: { parserOptions: { ecmaFeatures: { jsx: true } } },
    rules: {
      // TypeScript checks the names.
      "no-undef": "off",
    },
  },
  {
    files: ["docs/.vitepress/*.mjs", "scripts/**/*.mjs", "tests/**/*.{js,jsx,mjs}", "www/shop/**/*.{js,mjs}"],
    plugins: { "@typescript-eslint": ts.plugin },
    languageOptions: {
      parser: ts.parser,
      parserOptions: { project: ["tsconfig.scripts.json", "tsconfig.apps.json"] },
    },
    rules: {
      // A promise that nobody waits for is a test that cannot fail.
      "@typescript-eslint/no-floating-promises": [
        "error",
        { allowForKnownSafeCalls: [{ from: "package", package: "node:test", name: ["test"] }] },
      ],
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/no-misused-promises": "error",
    },
  },
);
