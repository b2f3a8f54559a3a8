import { expect, test } from "bun:test"
import type { Effect } from "@skein/core/ports"
import { MODES } from "@skein/protocol"
import { bare, judge, line, ownTool, read, remote, rule, run, simple, write } from "./scene.ts"

const network = (host: string): Effect => ({ kind: "network", hosts: [host] })

const EFFECTS: Readonly<Record<string, readonly Effect[]>> = {
  "nothing declared": [],
  none: [{ kind: "none" }],
  "read inside": [read("/w/a")],
  "read outside": [read("/srv/a", false)],
  "read .env": [read("/w/.env")],
  "read .env.example": [read("/w/.env.example")],
  "read keys": [read("/home/me/.ssh/id_rsa", false)],
  "write inside": [write("/w/a")],
  "write outside": [write("/srv/a", false)],
  "write what runs later": [{ kind: "write", paths: ["/w/.envrc"], isInside: true, runsLater: "run by direnv" }],
  network: [network("example.org")],
  "network, private": [network("169.254.169.254")],
  delegate: [{ kind: "delegate", to: "agent" }],
  "server's tool, new": [remote(false, true)],
  "client's own tool": [ownTool(false)],
  "client's own tool, said to only read": [ownTool(true)],
  "server's tool, approved": [remote(true, false)],
  "server's tool, approved, said to only read": [remote(true, true)],
  unknown: [{ kind: "unknown" }],
  "run ls": [run(simple("ls", "read"))],
  "run cat /etc/hosts": [run(simple("cat /etc/hosts", "read", { reads: ["/etc/hosts"] }))],
  "run cat of another's": [run(simple("cat /srv/a", "read", { reads: ["/srv/a"] }))],
  "run cat .env": [run(simple("cat .env", "read", { reads: ["/w/.env"] }))],
  "run cat of keys": [run(simple("cat x", "read", { reads: ["/home/me/.aws/credentials"] }))],
  "run make": [run(simple("make", "execute"))],
  "run touch a": [run(simple("touch a", "write", { writes: ["/w/a"] }))],
  "run touch outside": [run(simple("touch /srv/a", "write", { writes: ["/srv/a"] }))],
  "run > .git/hooks/x": [run(simple("echo", ["write"], { writes: ["/w/.GIT/hooks/x"] }))],
  "run git commit": [run(simple("git commit -m x", "write"))],
  "run npm install": [run(simple("npm install", "network", { hosts: ["registry.npmjs.org:443"] }))],
  "run rm a": [run(simple("rm a", "destroy", { writes: ["/w/a"] }))],
  "run rm -rf .": [run(simple("rm -rf .", "destroy", { writes: ["/w"] }))],
  "run rm -rf .git": [run(simple("rm -rf .git", "destroy", { writes: ["/w/.git"] }))],
  "run rm outside": [run(simple("rm /srv/a", "destroy", { writes: ["/srv/a"] }))],
  "run git reset --hard": [run(simple("git reset --hard", "destroy"))],
  "run git push": [run(simple("git push", ["publish", "network"], { hosts: ["github.com:443"] }))],
  "run sudo ls": [run(simple("sudo ls", "escalate"))],
  "run frobnicate": [run(simple("frobnicate", "unknown"))],
  "run PATH=. ls": [run(simple("ls", "unknown", { assigns: ["PATH=.:$PATH"] }))],
  "run something unclear": [line("eval $x", { commands: [], unclear: "eval" })],
  "run, unread": [line("make", undefined)],
  "run rm -rf /": [run(simple("rm -rf /", "destroy", { writes: ["/"] }))],
  "run ls, unconfined": [bare(simple("ls", "read"))],
  "run make, unconfined": [bare(simple("make", "execute"))],
}

test("what each mode says to each effect; what is not declared or not understood is the worst", () => {
  const rows = Object.entries(EFFECTS).map(
    ([name, effects]) => `${name}: ${MODES.map((mode) => judge(effects, { mode }).decision).join(" ")}`,
  )
  expect([`effect: ${MODES.join(" ")}`, ...rows]).toEqual([
    "effect: plan ask accept-edits auto full",
    "nothing declared: deny ask ask ask allow",
    "none: allow allow allow allow allow",
    "read inside: allow allow allow allow allow",
    "read outside: ask ask ask ask allow",
    "read .env: ask ask ask ask allow",
    "read .env.example: allow allow allow allow allow",
    "read keys: deny deny deny deny deny",
    "write inside: deny ask allow allow allow",
    "write outside: deny ask ask ask allow",
    "write what runs later: deny ask ask ask allow",
    "network: ask ask ask ask allow",
    "network, private: deny deny deny deny deny",
    "delegate: deny ask ask ask allow",
    "server's tool, new: deny ask ask ask allow",
    "client's own tool: deny allow allow allow allow",
    "client's own tool, said to only read: allow allow allow allow allow",
    "server's tool, approved: deny ask ask allow allow",
    "server's tool, approved, said to only read: allow allow allow allow allow",
    "unknown: deny ask ask ask allow",
    "run ls: allow allow allow allow allow",
    "run cat /etc/hosts: allow allow allow allow allow",
    "run cat of another's: ask ask ask ask allow",
    "run cat .env: ask ask ask ask allow",
    "run cat of keys: deny deny deny deny deny",
    "run make: allow ask ask allow allow",
    "run touch a: deny ask allow allow allow",
    "run touch outside: deny ask ask ask allow",
    "run > .git/hooks/x: deny ask ask ask allow",
    "run git commit: deny ask ask allow allow",
    "run npm install: ask ask ask allow allow",
    "run rm a: deny ask ask allow allow",
    "run rm -rf .: deny ask ask ask allow",
    "run rm -rf .git: deny ask ask ask allow",
    "run rm outside: deny ask ask ask allow",
    "run git reset --hard: deny ask ask ask allow",
    "run git push: deny ask ask ask allow",
    "run sudo ls: deny ask ask ask allow",
    "run frobnicate: ask ask ask ask allow",
    "run PATH=. ls: ask ask ask ask allow",
    "run something unclear: ask ask ask ask allow",
    "run, unread: ask ask ask ask allow",
    "run rm -rf /: deny deny deny deny deny",
    "run ls, unconfined: deny ask ask ask allow",
    "run make, unconfined: deny ask ask ask allow",
  ])
})

test("of several effects, commands and files the strictest verdict holds", () => {
  expect(judge([read("/w/a"), write("/srv/a", false), run(simple("make"))], { mode: "auto" }).decision).toBe("ask")
  expect(judge([read("/w/a"), write("/w/a")], { mode: "plan" }).decision).toBe("deny")
  expect(judge([run(simple("ls", "read"), simple("git push", "publish"))], { mode: "auto" }).decision).toBe("ask")
  const both = simple("cp a b", "write", { reads: ["/w/a", "/home/me/.netrc"], writes: ["/w/b"] })
  expect(judge([run(both)], { mode: "full" }).decision).toBe("deny")
})

test("a read-only sandbox lets no file be changed by a tool, in no mode", () => {
  for (const mode of MODES) expect(judge([write("/w/a")], { mode, sandbox: "read-only" }).decision).toBe("deny")
})

test("a verdict says why, names every part, and the same question gets the same verdict", () => {
  for (const mode of MODES) {
    for (const effects of Object.values(EFFECTS)) {
      const verdict = judge(effects, { mode })
      expect(verdict.reasons.every((reason) => reason.length > 0)).toBe(true)
      expect(verdict.reasons.length).toBeGreaterThan(0)
      expect(verdict.parts?.length).toBeGreaterThan(0)
      expect(judge(effects, { mode })).toEqual(verdict)
    }
  }
})

test("a store of keys is opened only by a rule of the person's own that names exactly that file", () => {
  const keys = [read("/home/me/.aws/config", false)]
  const decided = (path: string, scope: "user" | "project" | "session" = "user") =>
    judge(keys, { mode: "full", rules: [rule({ path, scope })] }).decision
  expect([
    decided("/home/me/.aws/config"),
    decided("/home/me/.aws"),
    decided("/"),
    decided("/home/me/.aws/config", "session"),
  ]).toEqual(["allow", "deny", "deny", "deny"])
})

const CATASTROPHES: readonly string[] = [
  ...[
    "rm -rf /",
    "rm -fr /*",
    "rm -r -f ~",
    "rm --recursive --force $HOME",
    "/bin/rm -rf /usr",
    "sudo rm -rf /",
    "rm -rf --no-preserve-root /",
  ],
  ...[
    "dd if=/dev/zero of=/dev/sda",
    "mkfs.ext4 /dev/sdb1",
    "shred /dev/nvme0n1",
    "wipefs -a /dev/sda",
    "find / -delete",
  ],
  ...["chmod -R 777 /", "chown -R me /etc", "mv / /x", "env rm -rf /home", "timeout 5 rm -rf /"],
]

test("what destroys a machine is refused in every mode, whatever allows it, understood or not", () => {
  for (const mode of MODES) {
    for (const text of CATASTROPHES) {
      const { decision } = judge([run(simple(text, "destroy"))], { mode, rules: [rule({}), rule({ command: text })] })
      expect([mode, text, decision]).toEqual([mode, text, "deny"])
    }
    for (const text of [
      ":(){ :|:& };:",
      "b() { b | b & }; b",
      "x=1; rm -rf / #",
      "echo a > /dev/sda",
      "dd if=x of=/dev/nvme0n1",
    ]) {
      expect([text, judge([line(text, { commands: [], unclear: "x" })], { mode }).decision]).toEqual([text, "deny"])
    }
  }
})

test("ordinary work is not taken for a catastrophe", () => {
  for (const text of [
    "rm -rf /w/dist",
    "rm -rf ./build",
    "rm /w/a",
    "find . -delete",
    "chmod -R u+w /w/x",
    "dd if=a of=/w/b",
    "cp a /w/etc",
  ]) {
    const { decision } = judge([run(simple(text, "destroy", { writes: ["/w/x"] }))], { mode: "full" })
    expect([text, decision]).toEqual([text, "allow"])
  }
})

test("a network that is off is no promise without a sandbox: such a command is asked about in every mode", () => {
  const off = { access: "off", allow: [] } as const
  const makes = [bare(simple("make", "execute")), line("eval $x", { commands: [], unclear: "eval" }, false)]
  for (const effect of makes) {
    const decisions = MODES.map((mode) => judge([effect], { mode, network: off }).decision)
    expect(decisions).toEqual(["deny", "ask", "ask", "ask", "ask"])
    expect(judge([effect], { mode: "full", network: off }).reasons.join()).toContain("nothing holds it so")
    expect(judge([effect], { mode: "full", network: off, rules: [rule({ tool: "tool" })] }).decision).toBe("allow")
  }
  expect(judge([bare(simple("ls", "read"))], { mode: "full", network: off }).decision).toBe("ask")
  expect(judge([run(simple("make", "execute"))], { mode: "full", network: off }).decision).toBe("allow")
})

test("a look at what is only known when it runs is asked about, in the sandbox too", () => {
  const hidden = simple("cat $X", "read", { readsUnknown: true })
  for (const mode of ["plan", "ask", "accept-edits", "auto"] as const) {
    expect([mode, judge([bare(hidden)], { mode }).decision]).toEqual([mode, mode === "plan" ? "deny" : "ask"])
    expect([mode, judge([run(hidden)], { mode }).decision]).toEqual([mode, "ask"])
  }
})

test("a removal of more than an undo can give back is asked about in auto as well", () => {
  const removal = simple("rm big", "destroy", { writes: ["/w/big"] })
  expect(judge([run(removal)], { mode: "auto" }).decision).toBe("allow")
  expect(judge([run({ ...removal, isBeyondUndo: true })], { mode: "auto" }).decision).toBe("ask")
})

test("of several reasons the gravest comes first, whatever comes first in the line", () => {
  const line = [
    simple("printf x", "write", { writes: ["/w/a"] }),
    simple("curl example.org", "network", { hosts: ["example.org:443"] }),
    simple("rm -rf build", "destroy", { writes: ["/w/build"], isBeyondUndo: true }),
    simple("git push", "publish"),
  ]
  const gravest = ["rm is destroy", "git is publish", "curl is network"]
  const { reasons } = judge([run(...line)])
  expect(reasons).toEqual([
    ...gravest,
    "printf is write",
    ...["a", "build"].map((name) => `it changes files in the workspace: /w/${name}`),
  ])
  expect(judge([run(...line.toReversed())]).reasons.slice(0, 3)).toEqual(gravest)
})
