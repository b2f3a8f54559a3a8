import { expect, test } from "bun:test"
import { EXPERIMENTAL_METHODS } from "../src/app-server/experimental.ts"
import { METHODS } from "../src/app-server/methods.ts"
import { SURFACE } from "../src/surface.ts"
import { codex } from "./codex-program.ts"
import { realSchemas } from "./real-schemas.ts"

const HANG_MS = 60_000

function ids(kind: string): readonly string[] {
  return SURFACE.filter((row) => row.kind === kind).map(({ id }) => id)
}

test("each row is there once, and says why where something is missing", () => {
  const all = SURFACE.map(({ id }) => id)
  expect(all.filter((id, at) => all.indexOf(id) !== at)).toEqual([])
  // What cannot be read of a row has no id.
  expect(all.filter((id) => !/^[a-z]/.test(id))).toEqual([])
  expect(SURFACE.filter(({ holds, why }) => (holds === "yes") !== (why === undefined))).toEqual([])
})

test("what is said to hold is answered, and what is answered is said to hold", () => {
  const held = SURFACE.filter(({ kind, holds }) => kind === "request" && holds !== "no").map(({ id }) => id)
  // Without an account these answer as that program does, which is no more than an error.
  const answered = Object.keys(METHODS).filter((id) => !/^account\/(rateLimits|workspaceMessages)\/read$/.test(id))
  expect(held.filter((id) => id !== "initialize").toSorted()).toEqual(answered.toSorted())
})

test.skipIf(codex === undefined)(
  "nothing that Codex's own program describes is left out",
  () => {
    const methods = realSchemas()?.methods
    const missing = (known: readonly string[] = [], kind: string) => known.filter((id) => !ids(kind).includes(id))
    expect(missing(methods?.ClientRequest, "request")).toEqual([])
    expect(missing(methods?.ServerNotification, "notification")).toEqual([])
    expect(missing(methods?.ServerRequest, "server request")).toEqual([])
  },
  HANG_MS,
)

test.skipIf(codex === undefined)(
  "what is experimental there is experimental here",
  () => {
    const stable = new Set(realSchemas({ isStable: true })?.methods.ClientRequest)
    const all = realSchemas()?.methods.ClientRequest ?? []
    expect(all.filter((id) => !stable.has(id)).toSorted()).toEqual([...EXPERIMENTAL_METHODS].toSorted())
  },
  HANG_MS,
)
