import { core, host, json, on, protocol, row, type Samples, STORE, store, testkit, tools } from "./sample.ts"

/** Trees in which packages know too much, and the same trees mended. By the name a rule is exported under. */
export const PACKAGES: Samples = {
  layerTable: {
    broken: {
      ...protocol,
      ...core,
      ...tools,
      "packages/protocol/package.json": json("@skein/protocol", { dependencies: on("zod", "lodash") }),
      ...store(on("@skein/protocol", "@skein/tools"), on("@skein/host")),
      ...host(on("@skein/core", "@skein/protocol", "@skein/store", "@skein/term")),
      "frontends/wall/package.json": json("@skein/wall", { dependencies: on("@skein/core", "@skein/protocol") }),
      "examples/a/package.json": json("@skein/a"),
      "tools/odd/package.json": json("@skein/odd", { dependencies: on("@skein/core") }),
    },
    says: [
      "adapters/store/package.json may not depend on @skein/tools",
      "adapters/store/package.json does not declare @skein/core",
      "adapters/store/package.json may not depend on @skein/host, not even in tests",
      "frontends/wall/package.json may not depend on @skein/core",
      "packages/host/package.json does not declare @skein/tools",
      "packages/protocol/package.json may not depend on the third-party package lodash",
      "tools/odd/package.json may not depend on @skein/core",
    ],
    mended: {
      ...core,
      ...tools,
      ...STORE,
      "packages/protocol/package.json": json("@skein/protocol", { dependencies: on("zod") }),
      ...host(on("@skein/core", "@skein/protocol", "@skein/store", "@skein/term", "@skein/tools")),
      "frontends/wall/package.json": json("@skein/wall", {
        dependencies: on("@skein/protocol", "some-sdk"),
        devDependencies: on("@skein/testkit"),
      }),
    },
  },
  rootHoldsTools: {
    broken: { "package.json": json("root", { dependencies: on("zod"), devDependencies: on("typescript", "ai") }) },
    says: ["package.json depends on zod", "package.json depends on ai"],
    mended: { "package.json": json("root", { devDependencies: on("typescript") }) },
  },
  exactVersions: {
    broken: {
      "package.json": json("root", { devDependencies: { typescript: "^7.0.2" } }),
      ...store({ "@skein/core": "0.1.0", diff: "latest", ignore: ">=1" }),
    },
    says: [
      'package.json typescript is "^7.0.2"',
      'adapters/store/package.json @skein/core is "0.1.0"',
      'adapters/store/package.json diff is "latest"',
      'adapters/store/package.json ignore is ">=1"',
    ],
    mended: { ...store({ "@skein/core": "workspace:*", diff: "9.0.0", ignore: "7.0.16-beta.1" }) },
  },
  documentedDependencies: {
    broken: {
      ...store({ diff: "9.0.0", ignore: "7.0.0", zod: "4.0.0" }),
      "docs/dependencies.md": `| name | version | why |\n|---|---|---|\n${row("ignore", "6.0.0", "reads ignore files")}${row("zod", "4.0.0", "")}${row("gone", "1.0.0", "was used once")}`,
    },
    says: [
      "docs/dependencies.md diff has no row",
      "docs/dependencies.md ignore is used in version 7.0.0, the row says 6.0.0",
      "docs/dependencies.md zod has no reason",
      "docs/dependencies.md gone is no dependency any more",
    ],
    mended: { ...store({ diff: "9.0.0" }), "docs/dependencies.md": row("`diff`", "9.0.0", "unified diffs") },
  },
  usedDependencies: {
    broken: {
      ...store(on("diff")),
      "adapters/store/src/index.ts": "export {}",
      "adapters/tools/a.ts": 'import "diff"',
    },
    says: ["adapters/store/package.json diff is named in none of its files"],
    mended: { ...store(on("diff")), "adapters/store/src/index.ts": 'const diff = await import("diff")' },
  },
  importsStayInside: {
    broken: {
      ...protocol,
      ...core,
      ...testkit,
      ...STORE,
      "adapters/store/src/index.ts": [
        'import "../../tools/src/index.ts"',
        'import "./gone.ts"',
        'import "./folder"',
        'import "@skein/store"',
        'import "diff"',
        'import "@skein/core/src/turn.ts"',
        'import "@skein/testkit"',
      ].join("\n"),
      "adapters/store/src/folder": "",
    },
    says: [
      "adapters/store/src/index.ts reaches out of its package: ../../tools/src/index.ts",
      "adapters/store/src/index.ts names a file that is not there: ./gone.ts",
      "adapters/store/src/index.ts names no file extension: ./folder",
      "adapters/store/src/index.ts imports its own package by name: @skein/store",
      "adapters/store/src/index.ts imports diff, which its package.json does not declare",
      "adapters/store/src/index.ts @skein/core/src/turn.ts is no entry of @skein/core",
      "adapters/store/src/index.ts needs @skein/testkit outside tests",
    ],
    mended: {
      ...protocol,
      ...core,
      ...testkit,
      ...STORE,
      "adapters/store/src/index.ts":
        'import "@skein/core/ports"\nimport "./file.ts"\nimport "node:fs"\nimport "bun:sqlite"',
      "adapters/store/src/file.ts": "",
      "adapters/store/src/file.test.ts": 'import "@skein/testkit"\nimport "bun:test"',
    },
  },
  portsOnly: {
    broken: { ...core, ...STORE, "adapters/store/src/index.ts": 'import type { Turn } from "@skein/core"' },
    says: ["adapters/store/src/index.ts imports @skein/core"],
    mended: { ...core, ...STORE, "adapters/store/src/index.ts": 'import type { LogPort } from "@skein/core/ports"' },
  },
  testKitInTests: {
    broken: { ...testkit, ...STORE, "adapters/store/src/index.ts": 'import { memoryLog } from "@skein/testkit"' },
    says: ["adapters/store/src/index.ts imports @skein/testkit"],
    mended: { ...testkit, ...STORE, "adapters/store/src/index.test.ts": 'import { memoryLog } from "@skein/testkit"' },
  },
  oneComposer: {
    broken: {
      ...STORE,
      ...tools,
      ...host({}),
      "packages/host/src/start.ts": 'const store = await import("@skein/store")',
      "apps/skein/package.json": json("@skein/app"),
      "apps/skein/src/main.ts": 'import type { Store } from "@skein/store"',
    },
    says: [
      "packages/host/src/start.ts names the adapter @skein/store",
      "apps/skein/src/main.ts names the adapter @skein/store",
    ],
    mended: {
      ...STORE,
      ...host({}),
      "packages/host/src/compose.ts": 'const store = await import("@skein/store")',
      "packages/host/test/start.test.ts": 'import { store } from "@skein/store"',
    },
  },
}
