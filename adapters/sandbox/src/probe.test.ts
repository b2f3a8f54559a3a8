import { afterAll, describe, expect, test } from "bun:test"
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { memoryArtifacts } from "@skein/testkit"
import { exec } from "./exec.ts"
import { probe } from "./probe.ts"

const folder = mkdtempSync(join(tmpdir(), "skein-probe-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A bubblewrap that cannot, and says what the real one says in such a place. */
function bwrapSaying(said: string, mode = 0o755): string {
  const path = join(folder, `bwrap-${Math.abs(Bun.hash.crc32(said + mode))}`)
  writeFileSync(path, `#!/bin/sh\ncat >&2 <<'END'\n${said}\nEND\nexit 1\n`)
  chmodSync(path, mode)
  return path
}

const machine = (files: Record<string, string>, platform = "linux") => ({
  platform,
  read: (path: string) => files[path],
  landlockAbi: async () => 0,
  hasSeccomp: async () => true,
})
const NO_PERMISSION =
  "bwrap: No permissions to create new namespace, likely because the kernel does not allow non-privileged user namespaces."

describe("the reason why commands cannot be confined names the missing piece, and the cure", () => {
  for (const [what, files, said, reason, cure] of [
    [
      "a switched-off kernel",
      { "/proc/sys/kernel/unprivileged_userns_clone": "0" },
      NO_PERMISSION,
      "/proc/sys/kernel/unprivileged_userns_clone is 0",
      "sysctl -w kernel.unprivileged_userns_clone=1",
    ],
    [
      "a limit of none",
      { "/proc/sys/user/max_user_namespaces": "0" },
      "bwrap: Creating new namespace failed: No space left on device",
      "/proc/sys/user/max_user_namespaces is 0",
      "sysctl -w user.max_user_namespaces",
    ],
    [
      "AppArmor, as on Ubuntu 24.04",
      { "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1" },
      "bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted",
      "apparmor_restrict_unprivileged_userns is 1",
      "/etc/apparmor.d/bwrap",
    ],
    [
      "a container's /proc",
      { "/.dockerenv": "" },
      "bwrap: Can't mount proc on /newroot/proc: Operation not permitted",
      "does not let a new /proc be mounted",
      "systempaths=unconfined",
    ],
    [
      "a container's seccomp",
      { "/.dockerenv": "" },
      "bwrap: Creating new namespace failed: Operation not permitted",
      "container forbids new namespaces",
      "seccomp=unconfined",
    ],
    ["an old bubblewrap", {}, "bwrap: Unknown option --unshare-user", "too old", "0.5"],
    ["something else", {}, "bwrap: the moon is full", "it said: bwrap: the moon is full", "follow what it says"],
  ] as const) {
    test(what, async () => {
      const found = await probe(bwrapSaying(said), machine(files))

      expect(found).toMatchObject({
        kind: "fails",
        reason: expect.stringContaining(reason),
        cure: expect.stringContaining(cure),
      })
    })
  }

  test("no bubblewrap", async () => {
    const found = await probe(join(folder, "nowhere"), machine({}))

    expect(found).toMatchObject({
      kind: "fails",
      reason: expect.stringContaining("not installed"),
      cure: expect.stringContaining("apt-get install bubblewrap"),
    })
  })

  test("another system", async () => {
    expect(await probe(undefined, machine({}, "darwin"))).toMatchObject({
      kind: "fails",
      reason: expect.stringMatching(/darwin: its Seatbelt profile is written, and nothing of skein applies it/),
    })
    expect(await probe(undefined, machine({}, "freebsd"))).toMatchObject({
      reason: "Commands can be confined on Linux only so far, and this is freebsd.",
    })
  })

  test("a bubblewrap that anybody may change is none", async () => {
    expect(await probe(bwrapSaying("hello", 0o777), machine({}))).toMatchObject({
      reason: expect.stringContaining("not installed"),
    })
  })
})

describe("without a sandbox", () => {
  const request = {
    command: "echo ran",
    cwd: folder,
    roots: [folder],
    timeoutMs: 9_000,
    signal: new AbortController().signal,
    bytesMax: 1_000,
  }

  test("a command does not run, whatever the mode, and the error says what to do", async () => {
    const port = exec({
      artifacts: memoryArtifacts(),
      env: {},
      bwrapPath: join(folder, "nowhere"),
      machine: machine({}),
    })

    for (const sandbox of ["read-only", "workspace-write"] as const) {
      expect(await port.confinement(sandbox)).toMatchObject({ kind: "unavailable" })
      await expect(port.run({ ...request, sandbox })).rejects.toMatchObject({
        code: "sandbox.unavailable",
        message: expect.stringContaining("apt-get install bubblewrap"),
      })
    }
  })

  test("neither reason nor cure tells how to do without", async () => {
    const found = await probe(join(folder, "nowhere"), machine({}))

    expect(JSON.stringify(found)).not.toMatch(/no-sandbox|full-access|disable/)
  })

  test("it runs when the person said so", async () => {
    const port = exec({
      artifacts: memoryArtifacts(),
      env: {},
      bwrapPath: join(folder, "nowhere"),
      consent: "no-sandbox",
    })

    expect(await port.confinement("workspace-write")).toMatchObject({ kind: "none" })
    expect((await port.run({ ...request, sandbox: "workspace-write" })).output).toBe("ran\n")
  })
})
