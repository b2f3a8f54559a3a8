import { expect, test } from "bun:test"
import { seatbeltProfile } from "./seatbelt.ts"

const facts = {
  sandbox: "workspace-write",
  roots: ["/w"],
  tmp: "/private/tmp/own",
  hidden: ["/Users/me/.ssh"],
  protection: { readOnly: ["/w/.git/hooks"], writable: ["/w/.git"] },
} as const

test("macOS's profile denies what is not named, closes last what is protected, and knows no network", () => {
  expect(seatbeltProfile(facts)).toBe(`(version 1)
(deny default)
(allow process-exec process-fork)
(allow signal (target same-sandbox))
(allow process-info* (target same-sandbox))
(allow sysctl-read)
(allow file-read*)
(deny file-read* file-write*
  (subpath "/Users/me/.ssh"))
(allow file-write*
  (subpath "/w")
  (subpath "/w/.git")
  (subpath "/private/tmp/own"))
(allow file-write-data
  (literal "/dev/null")
  (literal "/dev/zero")
  (literal "/dev/random")
  (literal "/dev/urandom"))
(deny file-write*
  (subpath "/w/.git/hooks"))
(deny file-write-unlink
  (literal "/w/.git"))
(deny file-read* file-write*
  (subpath "/Users/me/.ssh"))
(deny file-write-setugid)
(deny network*)
`)
})

test("read-only opens nothing but the temporary folder, and a proxy is the only way out", () => {
  const profile = seatbeltProfile({ ...facts, sandbox: "read-only", proxyPort: 3128 })

  expect(profile).not.toContain('(subpath "/w")')
  expect(profile).toContain('(allow network-outbound (remote ip "localhost:3128"))')
  expect(profile.indexOf("network-outbound")).toBeGreaterThan(profile.indexOf("(deny network*)"))
})

test("no path ends its text and says something of its own", () => {
  const profile = seatbeltProfile({ ...facts, roots: ['/w")) (allow default) ((subpath "'] })

  expect(profile).toContain('(subpath "/w\\")) (allow default) ((subpath \\"")')
})
