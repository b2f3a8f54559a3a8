import type { ServerRow } from "./row.ts"

export const SCRIPTING_ROWS: readonly ServerRow[] = [
  {
    name: "python",
    languages: { ".py": "python", ".pyi": "python" },
    commands: [["basedpyright-langserver", "--stdio"], ["pyright-langserver", "--stdio"], ["pylsp"]],
    rootMarkers: ["pyrightconfig.json", "pyproject.toml", "setup.py", "setup.cfg", "requirements.txt"],
    install: "npm install -g pyright",
  },
  {
    name: "bash",
    languages: { ".sh": "shellscript", ".bash": "shellscript" },
    commands: [["bash-language-server", "start"]],
    rootMarkers: [],
    install: "npm install -g bash-language-server",
  },
  {
    name: "lua",
    languages: { ".lua": "lua" },
    commands: [["lua-language-server"]],
    rootMarkers: [".luarc.json", ".luarc.jsonc"],
    install: "see https://luals.github.io",
    // It runs the plugins that .luarc.json names.
    runsOfProject: [".luarc.json", ".luarc.jsonc", ".vscode/settings.json"],
  },
  {
    name: "ruby",
    languages: { ".rb": "ruby", ".rake": "ruby" },
    commands: [["ruby-lsp"], ["solargraph", "stdio"]],
    rootMarkers: ["Gemfile"],
    install: "gem install ruby-lsp",
    // It goes by the project's Gemfile, which is a program.
    runsOfProject: "always",
  },
  {
    name: "elixir",
    languages: { ".ex": "elixir", ".exs": "elixir" },
    commands: [["elixir-ls"], ["expert", "--stdio"], ["nextls", "--stdio"]],
    rootMarkers: ["mix.exs"],
    install: "see https://github.com/elixir-lsp/elixir-ls",
    runsOfProject: "always",
  },
  {
    name: "dart",
    languages: { ".dart": "dart" },
    commands: [["dart", "language-server", "--protocol=lsp"]],
    rootMarkers: ["pubspec.yaml"],
    install: "install the Dart SDK, see https://dart.dev/get-dart",
    runsOfProject: ["analysis_options.yaml"],
  },
  {
    name: "terraform",
    languages: { ".tf": "terraform", ".tfvars": "terraform-vars" },
    commands: [["terraform-ls", "serve"]],
    rootMarkers: [".terraform"],
    install: "see https://github.com/hashicorp/terraform-ls",
    // It starts the providers that lie in .terraform.
    runsOfProject: [".terraform"],
  },
  {
    name: "haskell",
    languages: { ".hs": "haskell" },
    commands: [["haskell-language-server-wrapper", "--lsp"]],
    rootMarkers: ["hie.yaml", "cabal.project", "stack.yaml"],
    install: "ghcup install hls",
    runsOfProject: "always",
  },
]
