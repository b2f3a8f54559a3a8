import { json, protocol, type Samples } from "./sample.ts"

/** Trees whose source has a bad shape, and the same trees mended. By the name a rule is exported under. */
export const SOURCE: Samples = {
  noCycles: {
    broken: {
      ...protocol,
      "packages/protocol/src/index.ts": 'export { a } from "./a.ts"',
      "packages/protocol/src/a.ts": 'import type { B } from "./b.ts"',
      "packages/protocol/src/b.ts": 'export const c = () => import("./a.ts")',
    },
    says: [
      "packages/protocol/src/a.ts packages/protocol/src/a.ts → packages/protocol/src/b.ts → packages/protocol/src/a.ts",
    ],
    mended: {
      "a.ts": 'import "./b.ts"\nimport "./c.ts"',
      "b.ts": 'import "./c.ts"',
      "c.ts": "export {}",
    },
  },
  noStars: {
    broken: {
      "a.ts": 'export * from "./b.ts"\nexport type * from "./c.ts"',
      "b.ts": "export default 1",
      "c.ts": "const a = 1\nexport { a as default }",
    },
    says: [
      "a.ts exports everything with `export *`",
      "a.ts exports everything with `export *`",
      "b.ts has a default export",
      "c.ts has a default export",
    ],
    mended: { "a.ts": 'export { b } from "./b.ts" // no export * here\nexport const text = "export default"' },
  },
  noSwallowedErrors: {
    broken: {
      "a.ts": "try { a() } catch {}\ntry { b() }\ncatch (e) { /* oh */ }",
      "b.ts": "await a().catch(() => {})\n\nawait a().catch((cause) => undefined)",
    },
    says: Array.from({ length: 4 }, (_, at) => `${at < 2 ? "a" : "b"}.ts drops an error in silence`),
    mended: {
      "a.ts":
        "try { a() } catch (cause) { throw new ToolFailure('Cannot a', { cause }) }\nawait a().catch(settleAsError)",
      "b.ts":
        "// Whoever waits for the end hears of it.\ndone.catch(() => undefined)\ntry { kill(pid) } catch {\n  // it has ended by itself\n}",
      "c.test.ts": "await stop().catch(() => {})",
    },
  },
  noDeadFiles: {
    broken: {
      ...protocol,
      "packages/protocol/src/index.ts": 'export { a } from "./a.ts"',
      "packages/protocol/src/a.ts": "",
      "packages/protocol/src/dead.ts": 'import "./only-from-dead.ts"',
      "packages/protocol/src/only-from-dead.ts": "",
    },
    says: [
      "packages/protocol/src/dead.ts is imported by nothing",
      "packages/protocol/src/only-from-dead.ts is imported by nothing",
    ],
    mended: {
      ...protocol,
      "package.json": json("root", { scripts: { build: "node tools/build/with-bun.mjs run tools/build/build.ts" } }),
      "tools/build/with-bun.mjs": "",
      "tools/build/build.ts": "",
      "bench/run.ts": "",
      "bench/README.md": "Run `bun bench/run.ts`.",
      "packages/protocol/src/index.ts": 'export const a = () => import("./a.ts")\nimport type { B } from "./b.ts"',
      "packages/protocol/src/a.ts": "",
      "packages/protocol/src/b.ts": "",
      "packages/protocol/src/platform.d.ts": "",
      "packages/protocol/test/a.test.ts": 'spawn(join(import.meta.dir, "server.ts"))',
      "packages/protocol/test/server.ts": "",
      "packages/protocol/test/fixtures/any.ts": "",
    },
  },
  sizesShrink: {
    broken: {
      "tools/tidy/golden/sizes.json": JSON.stringify({ "grown.ts": 400, "mended.ts": 400, "gone.ts": 400 }),
      "long.ts": "a\n".repeat(301),
      "long.test.ts": "a\n".repeat(501),
      "grown.ts": "a\n".repeat(401),
      "mended.ts": "a\n".repeat(300),
    },
    says: [
      "long.ts has 301 lines",
      "long.test.ts has 501 lines",
      "grown.ts grew from 400 to 401 lines",
      "mended.ts is in the list of exceptions and no longer needs to be",
      "gone.ts is in the list of exceptions and no longer needs to be",
    ],
    mended: {
      "tools/tidy/golden/sizes.json": JSON.stringify({ "grown.ts": 400 }),
      "short.ts": "a\n".repeat(300),
      "short.test.ts": "a\n".repeat(500),
      "grown.ts": "a\n".repeat(400),
      "words.md": "a\n".repeat(900),
    },
  },
  nothingFromTheAir: {
    broken: {
      "adapters/store/src/index.ts": "process.env.HOME; Bun.env.A; Date.now(); new Date()",
      "packages/core/src/a.ts": "Math.random(); os.homedir(); tmpdir(); process.cwd(); process.exit(1)",
    },
    says: [
      "adapters/store/src/index.ts reads the environment (process.env)",
      "adapters/store/src/index.ts reads the environment (Bun.env)",
      "adapters/store/src/index.ts reads the clock (Date.now)",
      "adapters/store/src/index.ts reads the clock (new Date())",
      "packages/core/src/a.ts reads chance (Math.random)",
      "packages/core/src/a.ts asks the system for a folder (homedir()",
      "packages/core/src/a.ts asks the system for a folder (tmpdir()",
      "packages/core/src/a.ts reads the current folder (process.cwd)",
      "packages/core/src/a.ts reads the command line or ends the process (process.exit)",
    ],
    mended: {
      "packages/host/src/world.ts": "process.env.HOME; Date.now()",
      "adapters/store/src/index.test.ts": "Date.now()",
      "adapters/store/src/index.ts": 'const a = clock.now(); const b = "process.env"; new Date(at) // Date.now()',
    },
  },
  nothingLeavesUnseen: {
    broken: {
      "adapters/models/src/a.ts":
        'await fetch(url)\nconst b = given ?? fetch\nglobalThis.fetch(url)\nimport("node:https")',
      "frontends/acp/src/b.ts": 'import { connect } from "node:net"\nBun.connect({})\nnew WebSocket(url)',
    },
    says: [
      "adapters/models/src/a.ts reaches out (fetch()",
      "adapters/models/src/a.ts reaches out (?? fetch)",
      "adapters/models/src/a.ts reaches out (globalThis.fetch)",
      'adapters/models/src/a.ts loads "node:https"',
      'frontends/acp/src/b.ts loads "node:net"',
      "frontends/acp/src/b.ts reaches out (Bun.connect)",
      "frontends/acp/src/b.ts reaches out (new WebSocket)",
    ],
    mended: {
      "packages/host/src/compose.ts": "const reached = recordedFetch((url) => fetch(url), ledger)",
      "adapters/models/src/a.ts":
        'await options.fetch(url) // fetch(url)\nimport type { Socket } from "node:net"\nconst a = { fetch, b: "fetch(url)" }\nBun.serve({ fetch(request) { return answer(request) } })',
      "adapters/models/src/a.test.ts": "await fetch(url)",
      "tools/build/build.ts": "await fetch(url)",
    },
  },
  fastStart: {
    broken: {
      "apps/skein/package.json": json("@skein/app"),
      "apps/skein/src/main.ts": 'import { a } from "./a.ts"\nprocess.stdout.write("")',
      "apps/skein/src/a.ts": 'import { request } from "node:http"\nprocess.stdin',
      "apps/skein/src/verbs/screen.ts": 'import { ReadStream } from "node:tty"',
    },
    says: [
      "apps/skein/src/main.ts touches process.stdout",
      "apps/skein/src/a.ts touches process.stdin",
      'apps/skein/src/a.ts loads "node:http"',
      'apps/skein/src/verbs/screen.ts loads "node:tty"',
    ],
    mended: {
      "apps/skein/package.json": json("@skein/app"),
      "apps/skein/src/main.ts":
        'import type { A } from "./a.ts"\nconst a = await import("./a.ts")\nconst b = import("node:http")\nBun.stdout.writer()',
      "apps/skein/src/a.ts": "process.stdin",
    },
  },
}
