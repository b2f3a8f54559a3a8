import type { ServerRow } from "./row.ts"

const C = ["compile_commands.json", "compile_flags.txt", ".clangd"]

export const SYSTEMS_ROWS: readonly ServerRow[] = [
  {
    name: "go",
    languages: { ".go": "go" },
    commands: [["gopls"]],
    rootMarkers: ["go.work", "go.mod"],
    install: "go install golang.org/x/tools/gopls@latest",
    // Another toolchain than the one that is here would have to be fetched.
    env: { GOTOOLCHAIN: "local", GOFLAGS: "-mod=readonly" },
  },
  {
    name: "rust",
    languages: { ".rs": "rust" },
    commands: [["rust-analyzer"]],
    rootMarkers: ["Cargo.toml"],
    install: "rustup component add rust-analyzer",
    // Build scripts and macros are programs of the project, and the compiler is what .cargo and rust-toolchain say.
    runsOfProject: "always",
    initialization: { checkOnSave: false, cargo: { targetDir: "/tmp/.cache/cargo" } },
    env: { CARGO_TARGET_DIR: "/tmp/.cache/cargo", CARGO_NET_OFFLINE: "true" },
  },
  {
    name: "clangd",
    languages: {
      ".c": "c",
      ".h": "c",
      ".cc": "cpp",
      ".cpp": "cpp",
      ".cxx": "cpp",
      ".hh": "cpp",
      ".hpp": "cpp",
      ".hxx": "cpp",
      ".m": "objective-c",
      ".mm": "objective-cpp",
    },
    commands: [["clangd", "--background-index=false", "--enable-config=false"]],
    rootMarkers: C,
    install: "install clangd, as with apt install clangd",
  },
  {
    name: "zig",
    languages: { ".zig": "zig", ".zon": "zig" },
    commands: [["zls"]],
    rootMarkers: ["build.zig"],
    install: "see https://zigtools.org/zls/install",
    // build.zig is a program.
    runsOfProject: "always",
  },
  {
    name: "java",
    languages: { ".java": "java" },
    commands: [["jdtls", "-data", "/tmp/.cache/jdtls", "-configuration", "/tmp/.cache/jdtls-configuration"]],
    rootMarkers: ["settings.gradle", "settings.gradle.kts", "pom.xml", "build.gradle", "build.gradle.kts"],
    install: "see https://github.com/eclipse-jdtls/eclipse.jdt.ls",
    // A build of Gradle or Maven is a program.
    runsOfProject: "always",
  },
  {
    name: "kotlin",
    languages: { ".kt": "kotlin", ".kts": "kotlin" },
    commands: [["kotlin-lsp", "--stdio"], ["kotlin-language-server"]],
    rootMarkers: ["settings.gradle", "settings.gradle.kts", "pom.xml", "build.gradle", "build.gradle.kts"],
    install: "see https://github.com/Kotlin/kotlin-lsp",
    runsOfProject: "always",
  },
  {
    name: "csharp",
    languages: { ".cs": "csharp" },
    commands: [["csharp-ls"], ["omnisharp", "-lsp"]],
    rootMarkers: ["global.json", "Directory.Build.props"],
    install: "dotnet tool install -g csharp-ls",
    runsOfProject: "always",
  },
  {
    name: "swift",
    languages: { ".swift": "swift" },
    commands: [["sourcekit-lsp"]],
    rootMarkers: ["Package.swift"],
    install: "install Swift, see https://swift.org/install",
    runsOfProject: "always",
  },
]
