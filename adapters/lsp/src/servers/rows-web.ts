import type { ServerRow } from "./row.ts"

const npm = (packages: string) => `npm install -g ${packages}`

/** Most of them come as one package, and do not ask what TypeScript they are to use. */
const EXTRACTED = npm("vscode-langservers-extracted")

export const WEB_ROWS: readonly ServerRow[] = [
  {
    name: "typescript",
    languages: {
      ".ts": "typescript",
      ".mts": "typescript",
      ".cts": "typescript",
      ".tsx": "typescriptreact",
      ".js": "javascript",
      ".mjs": "javascript",
      ".cjs": "javascript",
      ".jsx": "javascriptreact",
    },
    commands: [["typescript-language-server", "--stdio"]],
    // It finds each file's own tsconfig.json: one is enough for all packages of a repository.
    rootMarkers: [],
    install: npm("typescript-language-server typescript"),
    // It prefers the compiler that the project brings.
    runsOfProject: ["node_modules/typescript", ".yarn/sdks", ".pnp.cjs", ".vscode/pnpify"],
    initialization: {
      disableAutomaticTypingAcquisition: true,
      // A second process that answers before the project is read, and then knows no types.
      tsserver: { useSyntaxServer: "never" },
      // Who renames what an import names means the thing itself.
      preferences: { providePrefixAndSuffixTextForRename: false },
    },
    dialect: "tsserver",
  },
  {
    name: "vue",
    languages: { ".vue": "vue" },
    commands: [["vue-language-server", "--stdio"]],
    rootMarkers: ["package.json"],
    install: npm("@vue/language-server"),
    runsOfProject: "always",
    initialization: { vue: { hybridMode: false } },
  },
  {
    name: "svelte",
    languages: { ".svelte": "svelte" },
    commands: [["svelteserver", "--stdio"]],
    rootMarkers: ["package.json"],
    install: npm("svelte-language-server"),
    // It loads svelte.config.js.
    runsOfProject: "always",
  },
  {
    name: "astro",
    languages: { ".astro": "astro" },
    commands: [["astro-ls", "--stdio"]],
    rootMarkers: ["package.json"],
    install: npm("@astrojs/language-server"),
    runsOfProject: "always",
  },
  {
    name: "css",
    languages: { ".css": "css", ".scss": "scss", ".less": "less" },
    commands: [["vscode-css-language-server", "--stdio"]],
    rootMarkers: [],
    install: EXTRACTED,
  },
  {
    name: "html",
    languages: { ".html": "html", ".htm": "html" },
    commands: [["vscode-html-language-server", "--stdio"]],
    rootMarkers: [],
    install: EXTRACTED,
  },
  {
    name: "json",
    languages: { ".json": "json", ".jsonc": "jsonc" },
    commands: [["vscode-json-language-server", "--stdio"]],
    rootMarkers: [],
    install: EXTRACTED,
  },
  {
    name: "yaml",
    languages: { ".yaml": "yaml", ".yml": "yaml" },
    commands: [["yaml-language-server", "--stdio"]],
    rootMarkers: [],
    install: npm("yaml-language-server"),
    settings: { yaml: { schemaStore: { enable: false } } },
  },
  {
    name: "php",
    languages: { ".php": "php" },
    commands: [
      ["intelephense", "--stdio"],
      ["phpactor", "language-server"],
    ],
    rootMarkers: ["composer.json"],
    install: npm("intelephense"),
    initialization: { telemetry: { enabled: false } },
  },
]
