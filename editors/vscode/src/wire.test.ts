import { describe, expect, test } from "bun:test"
import { tmpdir } from "node:os"
import { Wire, WireError } from "./wire.ts"

const HANG_MS = 30_000

/** A server that a shell plays, and what becomes of it. */
function playedBy(script: string, beginMsMax = HANG_MS) {
  const ended = Promise.withResolvers<string>()
  const wire = new Wire({
    // What comes after the script are names that it does not ask for.
    command: ["/bin/sh", "-c", script],
    cwd: tmpdir(),
    onEvent: () => undefined,
    onEnd: ended.resolve,
    beginMsMax,
  })
  const why = wire.begin().then(
    () => "It began.",
    (error: unknown) => (error instanceof WireError ? error.message : `It broke: ${String(error)}`),
  )
  return { wire, why, ended: ended.promise }
}

describe("a server that is none", () => {
  test.each([
    ["words", "echo Welcome; exec sleep 1000", "is not skein. It said: Welcome"],
    ["a number", "echo 7; exec sleep 1000", "is not skein. It said: 7"],
    ["nothing, for ever", "exec sleep 1000", "does not answer"],
  ])(
    "says %s: it is ended, and that is said",
    async (_, script, expected) => {
      const { why, ended } = playedBy(script, script.startsWith("exec") ? 50 : HANG_MS)
      expect(await why).toContain(expected)
      expect(await ended).toBe(await why)
    },
    HANG_MS,
  )

  test(
    "answers what was not asked: the wire's version is missed",
    async () => {
      const { why, wire } = playedBy(`echo '{"id":99}'; echo '[]'; echo '{"id":1,"result":null}'; exec cat`)
      expect(await why).toContain("skein speaks version undefined of its wire")
      wire.close()
    },
    HANG_MS,
  )

  test(
    "dies: its last words are said",
    async () => {
      const { ended } = playedBy("echo out of luck >&2")
      expect(await ended).toBe("skein ended. out of luck")
    },
    HANG_MS,
  )

  test(
    "is left: what it was asked is answered, and it does not begin",
    async () => {
      const { wire, why } = playedBy(`exec cat > /dev/null`)
      wire.close()
      expect(await why).toBe("The session was left.")
      expect(await wire.begin().catch(String)).toContain("skein is not running.")
    },
    HANG_MS,
  )
})
