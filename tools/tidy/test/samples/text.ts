import { decision, machine, REQUIRED, type Samples, STORE } from "./sample.ts"

/** Trees whose words, tests or documents mislead, and the same trees mended. By the name a rule is exported under. */
export const TEXT: Samples = {
  reasonedSuppressions: {
    broken: {
      "a.ts": [
        "// biome-ignore lint/style/noNonNullAssertion: sorry",
        "// biome-ignore lint/suspicious/noExplicitAny: the library gives nothing better here",
        "// @ts-ignore because of this and that",
        "// @ts-expect-error the type is too narrow here",
        "/* eslint-disable */",
      ].join("\n"),
    },
    says: [
      "a.ts silences Biome without a reason",
      "a.ts uses `any` outside tests",
      "a.ts silences the compiler",
      "a.ts expects a compile error outside a test, or without saying why",
      "a.ts speaks to a tool that is not used here",
    ],
    mended: {
      "a.ts":
        "// biome-ignore lint/suspicious/noControlCharactersInRegex: the bytes of a terminal are the subject\nconst a = '@ts-ignore'",
      "a.test.ts": "// @ts-expect-error a session id is no turn id",
    },
  },
  luaIsLaidOutAlike: {
    broken: {
      "a.lua": `\tlocal a\n   local b \n-- ${"x".repeat(120)}`,
      "b.lua": "x()\n".repeat(301),
    },
    says: [
      "a.lua holds a tab",
      "a.lua ends in a blank",
      "a.lua is indented by 3 blanks",
      "a.lua is 123 columns wide",
      "a.lua does not end with a newline",
      "b.lua has 301 lines",
    ],
    mended: { "a.lua": "if a then\n  b()\nend\n", "a.txt": "\tx" },
  },
  nothingPutOff: {
    broken: { "a.ts": `// ${machine("TO", "DO")} later\n/* ${machine("FIX", "ME")} */` },
    says: [`a.ts says ${machine("TO", "DO")}`, `a.ts says ${machine("FIX", "ME")}`],
    mended: { "a.ts": `const tool = "${machine("TO", "DO")}"` },
  },
  testsAreSentences: {
    broken: {
      "a.test.ts":
        'test("should work well now", f)\nit.each([1])("parses", f)\ntest.skipIf(x)("too short", f)\n  test("group", f)',
    },
    says: [
      'a.test.ts "should work well now" says what should be, not what is',
      'a.test.ts "parses" is no sentence',
      'a.test.ts "too short" is no sentence',
      'a.test.ts "group" is no sentence',
    ],
    mended: {
      "a.test.ts":
        'test("a tool failure is told to the model", f)\n  test("in group", f)\ntest.each(T)("%s", f)\nif (/x/.test("a")) {}',
      "a.ts": 'test("x")',
    },
  },
  honestTests: {
    broken: { "a.test.ts": 'test.only("one of them runs", f)\nmock.module("./a.ts", f)' },
    says: ["a.test.ts uses test.only", "a.test.ts uses mock.module"],
    mended: { "a.test.ts": 'test("all of them run", f)' },
  },
  oneWordPerThing: {
    broken: {
      "docs/words.md":
        "| word | means | not |\n|---|---|---|\n| **session** | one conversation | thread, chat |\n| **step** | one request | iteration, loop |",
      "packages/core/src/a.ts": "const threadCount = 1\ninterface ChatView {}\nclass SessionManager {}",
    },
    says: [
      'packages/core/src/a.ts threadCount: "thread" is said as "session"',
      'packages/core/src/a.ts ChatView: "chat" is said as "session"',
      'packages/core/src/a.ts SessionManager: "manager" is said as "the question it answers"',
    ],
    mended: {
      "docs/words.md": "| **session** | one conversation | thread, chat |",
      "packages/core/src/a.ts": 'const sessionCount = 1 // a thread elsewhere\nconst text = "thread"',
      "frontends/codex/src/words.ts": "const thread = session",
    },
  },
  namesAnswer: {
    broken: { "packages/core/src/utils/a.ts": "", "packages/core/src/session-manager.ts": "" },
    says: [
      'packages/core/src/utils/a.ts is called "utils"',
      'packages/core/src/session-manager.ts is called "manager"',
    ],
    mended: { "packages/core/src/session/actor.ts": "" },
  },
  kebabFiles: {
    broken: { "src/runTurn.ts": "", "src/Turn.ts": "" },
    says: ["src/runTurn.ts is not kebab-case", "src/Turn.ts is not kebab-case"],
    mended: { "src/run-turn.test.ts": "", "src/platform.d.ts": "", "README.md": "" },
  },
  documentsExist: {
    broken: { ...REQUIRED, ...STORE, "ARCHITECTURE.md": "\n".repeat(300), LICENSE: "", "CHANGELOG.md": "# Changes" },
    says: [
      "adapters/store/README.md is missing",
      "ARCHITECTURE.md has 301 lines, more than 300",
      "CHANGELOG.md has no section [Unreleased]",
    ],
    mended: { ...REQUIRED, ...STORE, "adapters/store/README.md": "", "CHANGELOG.md": "## [Unreleased]" },
  },
  decisionsAreNumbered: {
    broken: {
      "docs/decisions/0001-a.md": decision,
      "docs/decisions/0003-b.md": "Status: accepted\n\n## Context\n\n## Decision\n",
    },
    says: ["docs/decisions/0003-b.md is not number 0002", "docs/decisions/0003-b.md has no section Consequences"],
    mended: { "docs/decisions/0001-a.md": decision, "docs/decisions/0002-b.md": decision },
  },
  pathsExist: {
    broken: {
      "README.md": "See `packages/core/src/gone.ts`, [this](docs/gone.md) and ./adapters/gone/.",
      "packages/core/README.md": "The loop is `src/turn.ts`, [up](../host/README.md), all of `adapters/*/gone.ts`.",
    },
    says: [
      "README.md names packages/core/src/gone.ts",
      "README.md names adapters/gone",
      "README.md names docs/gone.md",
      "packages/core/README.md names adapters/*/gone.ts",
      "packages/core/README.md names src/turn.ts",
      "packages/core/README.md names ../host/README.md",
      "README.md names docs/gone.md",
    ],
    mended: {
      "README.md":
        "See `packages/core/src/a.ts`, `packages/*`, packages/core, [core](packages/core/README.md), [out](https://example.com/docs/x), `@scope/docs/x`.",
      "packages/core/README.md": "`src/a.ts`",
      "packages/core/src/a.ts": "",
      "CHANGELOG.md": "Removed packages/old/src/a.ts",
    },
  },
  nothingOfAMachine: {
    broken: {
      "a.ts": `const a = "${machine("/wo", "rk/main/x")}"; const b = "${machine("/ho", "me/jane/x")}"`,
      "b.md": `Get it from ${machine("https://regi", "stry.example.org/x")} with ${machine("ghp_", "a".repeat(36))}`,
      "bun.lock": machine("https:", "//example.org/x.tgz"),
      "c.ts": `const a = "${machine("/ro", "ot/.cache")}"`,
      "packages/host/src/local-models.ts": `const a = "${machine("https://regi", "stry.example.org")}"\n`,
      "packages/host/src/other.ts": `const a = "${machine("https://regi", "stry.npmjs.org")}"\n`,
      "packages/core/.npmrc": "",
    },
    says: [
      `a.ts holds a machine path: ${machine("/wo", "rk/main")}`,
      `a.ts holds a machine path: ${machine("/ho", "me/jane/")}`,
      `b.md holds a registry address: ${machine("https://regi", "stry.")}`,
      `packages/host/src/local-models.ts holds a registry address: ${machine("https://regi", "stry.")}`,
      `packages/host/src/other.ts holds a registry address: ${machine("https://regi", "stry.")}`,
      "bun.lock holds an address: https://",
      `b.md holds what looks like a key: ${machine("ghp_", "a".repeat(36))}`,
      `c.ts holds a path of root's home: ${machine("/ro", "ot/.cache")}`,
      "packages/core/.npmrc configures one machine",
    ],
    mended: {
      "a.ts": `const a = "/home/me/project"; const b = \`\${root}${machine("/wo", "rk/main")}\`; const c = "https://example.org"`,
      "packages/host/src/local-models.ts": `const a = "${machine("https://regi", "stry.npmjs.org")}"\n`,
    },
  },
}
