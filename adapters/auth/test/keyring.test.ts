import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { keyring, type SecretsApi } from "../src/keyring/keyring.ts"

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "skein-keyring-"))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const listeners: { stop(force: boolean): void }[] = []
afterEach(() => {
  for (const listener of listeners.splice(0)) listener.stop(true)
})

const never: SecretsApi = {
  get: () => Promise.reject(new Error("The library was asked")),
  set: () => Promise.reject(new Error("The library was asked")),
  delete: () => Promise.reject(new Error("The library was asked")),
}
const linux = { platform: "linux", api: never, timeoutMs: 300 }
const busAt = (path: string) => ({ DBUS_SESSION_BUS_ADDRESS: `unix:path=${path},guid=0` })

/** A bus that answers every piece it gets with what it is told to. */
function fakeBus(answer: (count: number) => string | undefined): string {
  const path = join(folder, `${listeners.length}-${crypto.randomUUID()}`)
  let count = 0
  listeners.push(
    Bun.listen({
      unix: path,
      socket: {
        data(socket) {
          const said = answer(count++)
          if (said !== undefined) socket.write(said)
        },
      },
    }),
  )
  return path
}

describe.skipIf(process.platform !== "linux")("a keyring that cannot be asked", () => {
  test("is none where there is no bus: nothing is in it, and the library is not loaded", async () => {
    const none = keyring({ ...linux, env: {} })

    expect(await none.state()).toEqual({
      kind: "off",
      reason: "there is no D-Bus session to reach a keyring through (DBUS_SESSION_BUS_ADDRESS is not set)",
    })
    expect(await none.get("acme")).toBeUndefined()
    await expect(none.set("acme", "k")).rejects.toThrow("there is no D-Bus session")
  })

  test.each([
    ["says nothing", () => undefined, "it did not answer in time"],
    ["lets nobody in", () => "REJECTED EXTERNAL\r\n", "it refused to let us in: REJECTED EXTERNAL"],
    [
      "says nothing after the door",
      (count: number) => (count === 0 ? "OK 1\r\n" : undefined),
      "it did not answer in time",
    ],
  ])("is told with the cause, and in time, when its bus %s", async (_, answer, cause) => {
    const env = busAt(fakeBus(answer))
    const startedAt = performance.now()
    const error = await keyring({ ...linux, env })
      .get("acme")
      .catch((thrown: unknown) => thrown)

    expect(error).toMatchObject({ code: "secret.unavailable", message: expect.stringContaining(cause) })
    expect(performance.now() - startedAt).toBeLessThan(3_000)
  })

  test("is told with the cause when its bus is gone, or of another kind", async () => {
    const gone = keyring({ ...linux, env: busAt(join(folder, "gone")) })
    const other = keyring({ ...linux, env: { DBUS_SESSION_BUS_ADDRESS: "tcp:host=localhost,port=1" } })

    expect(await gone.state()).toMatchObject({ kind: "unavailable" })
    await expect(other.get("acme")).rejects.toThrow("DBUS_SESSION_BUS_ADDRESS is of a kind that skein does not speak")
  })
})

test("a library that never answers is given up after its time", async () => {
  const hanging = () => new Promise<never>(() => {})
  const api = { get: hanging, set: hanging, delete: hanging }
  const own = keyring({ env: {}, platform: "darwin", api, timeoutMs: 50 })

  expect(await own.state()).toMatchObject({ kind: "unavailable", reason: "it did not answer within 50 ms" })
  await expect(own.get("acme")).rejects.toThrow("did not answer within 50 ms")
})

test("a keyring that does not keep what it is given is told, not believed", async () => {
  const api: SecretsApi = { get: async () => null, set: async () => {}, delete: async () => false }

  await expect(keyring({ env: {}, platform: "darwin", api }).set("acme", "k")).rejects.toThrow("did not keep")
})

const missing = ["dbus-run-session", "gnome-keyring-daemon"].filter((program) => Bun.which(program) === null)
if (missing.length > 0) console.warn(`Skipped, because there is no ${missing.join(" and no ")}: a real keyring.`)

describe.skipIf(missing.length > 0)("a real keyring", () => {
  /** What `keyring-session.ts` prints, in a D-Bus session of its own, after these lines of shell. */
  async function inSession(home: string, before: string): Promise<string> {
    const env = { PATH: process.env.PATH ?? "", HOME: home, XDG_RUNTIME_DIR: home }
    const own = `${before}; exec '${process.execPath}' '${join(import.meta.dir, "keyring-session.ts")}'`
    const child = Bun.spawn(["dbus-run-session", "--", "sh", "-c", own], { env, stdout: "pipe", stderr: "ignore" })
    const [out] = await Promise.all([child.stdout.text(), child.exited])
    return out
  }

  test("keeps keys when it is open, and is told from an empty one when it is locked", async () => {
    const home = mkdtempSync(join(folder, "home-"))

    expect(await inSession(home, ":")).toEndWith(
      "locked: the keyring service has no keyring that is open\nThe OS keyring cannot be used\n",
    )
    expect(await inSession(home, "printf pw | gnome-keyring-daemon --unlock --components=secrets >&2")).toEndWith(
      "ready\nnothing, kept, k-real, taken out, nothing, kept\n",
    )
    expect(await inSession(home, "gnome-keyring-daemon --start --components=secrets >&2")).toEndWith(
      "locked: the keyring is locked\nThe OS keyring cannot be used\n",
    )
  }, 60_000)
})
