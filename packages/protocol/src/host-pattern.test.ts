import { expect, test } from "bun:test"
import { hostPattern } from "./host-pattern.ts"

test("a host, all below a host, an address, each with or without a port, has one form", () => {
  const given = [
    "Example.COM",
    " a.b. ",
    "*.example.com",
    "*.example.com:8443",
    "localhost:80",
    "192.0.2.1",
    "[::1]:443",
  ]
  expect(given.map(hostPattern)).toEqual([
    ...["example.com", "a.b", "*.example.com", "*.example.com:8443", "localhost:80", "192.0.2.1", "[::1]:443"],
  ])
})

test("what could be read in two ways, or means everything, is no host", () => {
  const given = [
    ...["", "*", "*.", "*:443", "https://a.test", "a.test/", "a@b.test", "a..b", "a.test:0", "a.test:65536", "a.test:"],
    ...["0x7f.1", "127.1", "010.0.0.1", "*.1.2.3.4", "1.2.3.4.5", "bücher.test", "a%2e.test", "a.*.test", "::1", "a b"],
  ]
  expect(given.filter((text) => hostPattern(text) !== undefined)).toEqual([])
})
