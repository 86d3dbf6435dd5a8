import eslint from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  { ignores: ["node_modules/", ".landing-zone/", "policy-pack/bin/", "policy-pack/node_modules/"] },
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // `${number}` is what a reader expects; anything else in a template is still an error.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      // What a server, a process or a YAML file returns is checked even where its type promises more than it can know.
      "@typescript-eslint/no-unnecessary-condition": "off",
      "@typescript-eslint/no-base-to-string": "off",
      "@typescript-eslint/consistent-type-definitions": "off",
      "@typescript-eslint/consistent-indexed-object-style": "off",
      // Pulumi registers a resource when it is constructed: `new X()` for its effect is how a program is written.
      "no-new": "off",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unused-expressions": "off",
      // The client's classes are plain data: a literal is as good.
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
    },
  },
  {
    // A room imports only downwards; the policy pack and the access model work on anyone's program.
    files: ["policy-pack/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: ["**/components/**", "@pulumi/kubernetes*", "@pulumi/gcp*", "**/hermetic/**", "**/provider/**"] },
      ],
    },
  },
  {
    files: ["components/systems/**/*.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: ["**/policy-pack/**", "**/config/**", "**/cluster/**"] }] },
  },
  {
    files: ["components/{hardening,network,mesh,secrets,charts}/**/*.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: ["**/systems/**", "**/policy-pack/**", "**/config/**"] }] },
  },
  {
    files: ["**/*.mjs", "**/*.cjs"],
    languageOptions: { globals: { process: "readonly", console: "readonly" } },
  },
);
