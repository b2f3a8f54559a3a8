import { expect, test } from "bun:test"
import { MODES } from "@skein/protocol"
import { plainHost, targetOf } from "../src/hosts/name.ts"
import { privacyOf } from "../src/hosts/private.ts"
import { judge, judgeHost, rule, run, simple } from "./scene.ts"

const on = (...allow: string[]) => ({ access: "ask", allow }) as const

test("a host is asked about until the list or a rule names it; off is off", () => {
  expect(judgeHost("example.org").decision).toBe("ask")
  expect(judgeHost("example.org", { network: on("example.org") }).decision).toBe("allow")
  expect(judgeHost("example.org", { rules: [rule({ host: "example.org" })] }).decision).toBe("allow")
  expect(judgeHost("example.org", { network: { access: "off", allow: ["example.org"] } }).decision).toBe("deny")
  expect(judgeHost("example.org", { network: { access: "on", allow: [] } }).decision).toBe("allow")
  expect(judgeHost("example.org", { mode: "full" }).decision).toBe("allow")
})

test("a rule that denies a host stands above list, mode and everything else", () => {
  const rules = [rule({ host: "*.example.org", decision: "deny" })]
  for (const mode of MODES) {
    expect(
      judgeHost("a.example.org", { mode, rules, network: { access: "on", allow: ["a.example.org"] } }).decision,
    ).toBe("deny")
  }
})

test("an allowance of a whole tool opens no host", () => {
  expect(judgeHost("example.org", { rules: [rule({ tool: "bash" }), rule({})] }).decision).toBe("ask")
})

test("T31: an entry names what it says, by labels: no suffix, no prefix, no port it does not say", () => {
  const listed = (entry: string, host: string, port = 443) =>
    judgeHost(host, { port, network: on(entry) }).decision === "allow"
  expect([
    listed("example.org", "example.org"),
    listed("EXAMPLE.org.", "example.org"),
    listed("example.org", "a.example.org"),
  ]).toEqual([true, true, false])
  expect([
    listed("*.example.org", "a.b.example.org"),
    listed("*.example.org", "example.org"),
    listed("*.example.org", "evilexample.org"),
  ]).toEqual([true, false, false])
  expect([listed("example.org", "example.org.evil.test"), listed("example.org", "example.orgx")]).toEqual([
    false,
    false,
  ])
  expect([
    listed("example.org:443", "example.org"),
    listed("example.org:443", "example.org", 22),
    listed("*.example.org:22", "a.example.org", 22),
  ]).toEqual([true, false, true])
})

test("T31: what is no host is refused, with or without an open network", () => {
  for (const host of [
    "evil\0.example.org",
    "a b",
    "user@example.org",
    "example.org/x",
    "example.org#",
    "",
    "a\r\nHost: b",
    "exa%6dple.org",
    "a\u200b.org",
  ]) {
    expect([host, judgeHost(host, { mode: "full", network: { access: "on", allow: ["*"] } }).decision]).toEqual([
      host,
      "deny",
    ])
  }
})

const PRIVATE: readonly string[] = [
  ...[
    "127.0.0.1",
    "127.9.9.9",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.1",
    "localhost",
    "LOCALHOST.",
    "x.localhost",
  ],
  ...[
    "::1",
    "[::1]",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "0:0:0:0:0:0:0:1",
    "::127.0.0.1",
  ],
  ...[
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "198.18.0.1",
    "0.0.0.0",
    "0",
    "255.255.255.255",
    "224.0.0.1",
  ],
  ...[
    "169.254.169.254",
    "::ffff:169.254.169.254",
    "fe80::1",
    "fd00::1",
    "fec0::1",
    "ff02::1",
    "metadata.google.internal",
    "printer.local",
  ],
]

test("a private address is refused with how to list it, and a command that names it says so before it is allowed", () => {
  const why =
    "127.0.0.1:18991 is not reached unless it is listed by itself: it is this machine; a person lists it with --allow 127.0.0.1:18991 or /network allow 127.0.0.1:18991"
  expect(judgeHost("127.0.0.1", { port: 18991 }).reasons).toEqual([why])
  expect(judgeHost("127.0.0.1", { port: 18991, network: on("127.0.0.1:18991") }).decision).toBe("allow")
  const curl = simple("curl x", "network", { hosts: ["127.0.0.1:18991"] })
  const asked = judge([run(curl)])
  expect([asked.decision, asked.reasons.join()]).toEqual(["ask", expect.stringContaining(why)])
})

test("T31: private, link-local and metadata addresses are refused in every spelling and mode, until listed by themselves", () => {
  for (const host of PRIVATE) {
    for (const mode of MODES) {
      const { decision } = judgeHost(host, {
        mode,
        network: { access: "on", allow: ["*", "*.internal", "*.local", "*.localhost"] },
      })
      expect([host, mode, decision]).toEqual([host, mode, "deny"])
    }
    expect([
      host,
      judgeHost(host, { network: on(host.includes(":") && !host.startsWith("[") ? `[${host}]` : host) }).decision,
    ]).toEqual([host, "allow"])
  }
  expect(judgeHost("127.0.0.1", { port: 8080, network: on("localhost:3000", "127.0.0.1:3000") }).decision).toBe("deny")
})

test("public hosts are public", () => {
  for (const host of [
    "example.org",
    "8.8.8.8",
    "172.32.0.1",
    "192.169.0.1",
    "100.128.0.1",
    "2606:4700::1111",
    "localhost.example.org",
    "internal.example",
  ]) {
    expect([host, privacyOf(plainHost(host) ?? "")]).toEqual([host, undefined])
  }
})

test("a target is a host and perhaps a port", () => {
  expect([targetOf("a.example:80"), targetOf("[::1]:80"), targetOf("::1"), targetOf("Ä.example")]).toEqual([
    { host: "a.example", port: 80 },
    { host: "::1", port: 80 },
    { host: "::1", port: 443 },
    { host: "xn--4ca.example", port: 443 },
  ])
  expect([targetOf("a:99999"), targetOf("a:b"), targetOf("")]).toEqual([undefined, undefined, undefined])
})

test("what answering for good would add names the host with its port", () => {
  expect([judgeHost("example.org").always?.host, judgeHost("example.org", { port: 22 }).always?.host]).toEqual([
    "example.org:443",
    "example.org:22",
  ])
  expect(judgeHost("2606:4700::1").always?.host).toBe("[2606:4700::1]:443")
  expect(judgeHost("example.org", { taint: ["x"] }).always).toBeUndefined()
})
