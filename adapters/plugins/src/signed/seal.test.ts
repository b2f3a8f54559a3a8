import { beforeAll, expect, test } from "bun:test"
import type { PluginFile } from "../files.ts"
import { canonical } from "./canonical.ts"
import { type KeyPair, newKeyPair, publicKeyOf, signed } from "./keys.ts"
import { sealed, type TrustedKey, verdictOn } from "./seal.ts"

let mine: KeyPair
let other: KeyPair
let trusted: TrustedKey
let files: readonly PluginFile[]

beforeAll(async () => {
  mine = await newKeyPair()
  other = await newKeyPair()
  trusted = { ...(await publicKeyOf(mine.publicPem)), name: "me" }
  const plain = [file("skills/a/SKILL.md", "a skill"), file("run.sh", "echo hi"), file("é/中.md", "text")]
  const about = { name: "demo", version: "1.2.0", capabilities: ["network:api.example.com"] }
  files = [...plain, file("skein-plugin.json", await sealed(plain, about, mine.privatePem))]
})

test("what a key of the person's signed is known as theirs, whatever order the files come in", async () => {
  expect(await verdictOn(files.toReversed(), [trusted])).toEqual({ kind: "signed", by: trusted })
})

test("a signed plugin that is packed again with another layout of its manifest is still the signed one", async () => {
  const value: unknown = JSON.parse(text("skein-plugin.json"))
  const again = JSON.stringify(Object.fromEntries(Object.entries(value as object).toReversed()))
  expect((await verdictOn(swap("skein-plugin.json", again), [trusted])).kind).toBe("signed")
})

test("a swapped, an added, a missing and a renamed file are refused", async () => {
  await refuses(swap("run.sh", "echo ho"), /"run.sh" is not the file .* other bytes/)
  await refuses([...files, file("extra.md", "")], /"extra.md" is none of the files/)
  await refuses(
    files.filter(({ path }) => path !== "run.sh"),
    /"run.sh" is missing/,
  )
  await refuses(
    files.map((each) => (each.path === "run.sh" ? { ...each, path: "RUN.sh" } : each)),
    /"RUN.sh" is none of the files/,
  )
})

test("a changed capability, version or name breaks the signature", async () => {
  for (const [key, value] of [
    ["capabilities", ["network:api.example.com", "workspace:write"]],
    ["version", "9.0.0"],
    ["name", "other"],
    ["surprise", true],
  ] as const)
    await refuses(withMember(key, value), /is not what me signed: the signature does not hold/)
})

test("a key that the package brings is not gone by", async () => {
  const plain = files.filter(({ path }) => path !== "skein-plugin.json")
  const forged = { name: "demo", version: "1.2.0", key: await publicKeyOf(other.publicPem) }
  const seal = file("skein-plugin.json", await sealed(plain, forged, other.privatePem))
  expect(await verdictOn([...plain, seal], [trusted])).toEqual({ kind: "unknown_key", keyId: other.id })
})

test("another key that signs in the name of a trusted one is found out", async () => {
  const { signature: _, ...rest } = JSON.parse(text("skein-plugin.json")) as Record<string, unknown>
  const { signature } = await signed(canonical(rest), other.privatePem)
  await refuses(withMember("signature", signature), /the signature does not hold/)
})

test("a signature that is taken away makes it unsigned, never signed", async () => {
  expect(await verdictOn(withMember("signature", undefined), [trusted])).toEqual({ kind: "unsigned" })
  await refuses(withMember("files", undefined), /signedBy and files are missing/)
  await refuses(withMember("signedBy", undefined), /signedBy and files are missing/)
})

test("another spelling of the same signature is refused", async () => {
  const { signature } = JSON.parse(text("skein-plugin.json")) as { signature: string }
  const other = signature.replace(/(.)==$/, (_, last: string) => `${String.fromCharCode(last.charCodeAt(0) + 1)}==`)
  await refuses(withMember("signature", other), /the signature does not hold/)
  await refuses(withMember("signature", `${signature}\n`), /the signature does not hold/)
})

test("a huge manifest, one that nests deeply and one of half a character are refused", async () => {
  await refuses(swap("skein-plugin.json", `{"a":"${"x".repeat(1_100_000)}"}`), /1000000 is the most/)
  await refuses(swap("skein-plugin.json", `{"a":${"[".repeat(400_000)}`), /skein-plugin.json: It is n/)
  await refuses(withMember("description", "\ud800"), /cannot be held to a signature/)
})

test("a private key is not taken for a public one, and no key of another kind for either", async () => {
  expect(publicKeyOf(mine.privatePem)).rejects.toThrow(/private key: keep it to yourself/)
  expect(publicKeyOf("aGVsbG8=")).rejects.toThrow(/no Ed25519 public key/)
  expect(sealed([], { name: "a", version: "1" }, mine.publicPem)).rejects.toThrow(/no private key in PEM/)
})

function file(path: string, content: string): PluginFile {
  return { path, bytes: new TextEncoder().encode(content), isExecutable: false }
}

function text(path: string): string {
  return new TextDecoder().decode(files.find((each) => each.path === path)?.bytes)
}

function swap(path: string, content: string): readonly PluginFile[] {
  return files.map((each) => (each.path === path ? file(path, content) : each))
}

function withMember(key: string, value: unknown): readonly PluginFile[] {
  const seal = JSON.parse(text("skein-plugin.json")) as object
  return swap("skein-plugin.json", JSON.stringify({ ...seal, [key]: value }))
}

async function refuses(given: readonly PluginFile[], why: RegExp): Promise<void> {
  const error = await verdictOn(given, [trusted]).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(Error)
  expect((error as Error).message).toMatch(why)
}
