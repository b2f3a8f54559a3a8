import { expect, test } from "bun:test"
import { join } from "node:path"
import { sourceOf, sourceText } from "../src/sources/source.ts"
import { folderOf, refusalOf, serverOf, worldOf } from "./world.ts"

const here = { cwd: "/w", home: "/home/me" }
const PLAIN = { ".claude-plugin/plugin.json": { name: "demo", version: "1.0.0" }, "commands/hi.md": "Say hi" }

test("what a person types is understood as the place they mean", () => {
  const said = (text: string) => sourceOf(text, here)
  expect(said("./a")).toEqual({ kind: "path", path: "/w/a" })
  expect(said("~/a")).toEqual({ kind: "path", path: "/home/me/a" })
  expect(said("ada/tools")).toMatchObject({ kind: "github", repository: "ada/tools" })
  expect(said("ada/tools/plugins/a@v1.2")).toEqual({
    ...{ kind: "github", repository: "ada/tools", path: "plugins/a", ref: "v1.2" },
  })
  expect(said("git+https://git.example/a.git#main")).toMatchObject({
    kind: "git",
    url: "https://git.example/a.git",
    ref: "main",
  })
  expect(said("https://git.example/a.git")).toMatchObject({ kind: "git" })
  expect(said("git@git.example:ada/a")).toMatchObject({ kind: "git", url: "git@git.example:ada/a" })
  expect(said("https://example.com/a.tgz")).toEqual({ kind: "url", url: "https://example.com/a.tgz" })
  expect(said("npm:@ada/tools@1.2.3")).toMatchObject({ kind: "npm", name: "@ada/tools", version: "1.2.3" })
  expect(said("tools@company")).toEqual({ kind: "market", name: "tools", market: "company" })
  for (const text of ["ada/tools/a@v1", "npm:@ada/tools@1.2.3", "tools@company", "git+https://git.example/a.git#main"])
    expect(said(sourceText(said(text)))).toEqual(said(text))
})

test("an address without encryption, or with a password in it, is refused", async () => {
  for (const text of ["http://example.com/a.tgz", "https://me:word@example.com/a.tgz", "git+http://example.com/a"])
    expect(() => sourceOf(text, here)).toThrow(/not encrypted|password/)
  expect(() => sourceOf("https://me:word@example.com/a.tgz", here)).not.toThrow(/word@/)
})

test("a package of npm is held to the hash that the registry says, and none of its scripts runs", async () => {
  const { own: maker } = worldOf()
  const { bytes } = maker.pack(
    folderOf({ ...PLAIN, "package.json": { name: "p", scripts: { postinstall: "touch /tmp/skein-postinstall" } } }),
  )
  const integrity = `sha512-${new Bun.CryptoHasher("sha512").update(bytes).digest("base64")}`
  const files: Record<string, string | Uint8Array> = { "/p-1.tgz": bytes }
  using server = serverOf(files)
  const dist = { tarball: `${server.url}p-1.tgz`, integrity }
  files["/@ada%2fp/latest"] = JSON.stringify({ dist })
  files["/@ada%2fp/9"] = JSON.stringify({ dist: { ...dist, integrity: `sha512-${"A".repeat(86)}==` } })
  const { own } = worldOf({ registry: server.url.href.replace(/\/$/, "") })
  const proposal = await own.propose("npm:@ada/p", { isUnsigned: true })
  await proposal.agree()
  expect(await Bun.file("/tmp/skein-postinstall").exists()).toBe(false)
  expect(await refusalOf(own.propose("npm:@ada/p@9", { isUnsigned: true }))).toContain("is not what the registry says")
})

test("a repository of GitHub is got as an archive, and a folder in it by its path", async () => {
  const { own: maker } = worldOf()
  const root = folderOf({
    "README.md": "",
    ...Object.fromEntries(Object.entries(PLAIN).map(([k, v]) => [`plugins/a/${k}`, v])),
  })
  folderOf({ ".claude-plugin/plugin.json": { name: "whole", version: "1.0.0" } }, root)
  using server = serverOf({ "/ada/tools/tar.gz/v1": maker.pack(root).bytes })
  const { own } = worldOf({ github: server.url.href.replace(/\/$/, "") })
  const proposal = await own.propose("ada/tools/plugins/a@v1", { isUnsigned: true })
  expect([proposal.name, proposal.source]).toEqual(["demo", "ada/tools/plugins/a@v1"])
  proposal.drop()
  expect(await refusalOf(own.propose("ada/tools/nothing@v1", { isUnsigned: true }))).toBe(
    'There is no folder "nothing" in it.',
  )
})

test("a repository is got with git, and nothing that it says is run", async () => {
  const root = folderOf({ ...PLAIN, ".gitattributes": "*.md filter=evil" })
  const git = async (...args: string[]) => {
    const env = {
      ...process.env,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_AUTHOR_NAME: "a",
      GIT_AUTHOR_EMAIL: "a@b",
      GIT_COMMITTER_NAME: "a",
      GIT_COMMITTER_EMAIL: "a@b",
    }
    expect(await Bun.spawn(["git", "-C", root, ...args], { env, stdout: "ignore", stderr: "ignore" }).exited).toBe(0)
  }
  await git("init", "-q", "-b", "main")
  await git("add", "-A")
  await git("commit", "-q", "-m", "first")
  const { own } = worldOf()
  const proposal = await own.propose(`git+file://${root}#main`, { isUnsigned: true })
  expect(proposal.filesCount).toBe(3)
  proposal.drop()
  expect(await refusalOf(own.propose(`git+file://${root}#nothing`, { isUnsigned: true }))).toStartWith(
    "git could not get it: ",
  )
  expect(await refusalOf(own.propose(`git+file://${root}#--upload-pack=touch`, { isUnsigned: true }))).toContain(
    "is no name for git",
  )
})

test("what answers with an error, with too much, or leads around in circles is told", async () => {
  using server = serverOf({
    "/round.tgz": () => new Response(null, { status: 302, headers: { location: "/round.tgz" } }),
    "/plain.tgz": () => new Response(null, { status: 302, headers: { location: "http://example.com/x.tgz" } }),
    "/text.tgz": "hello",
  })
  const { own } = worldOf()
  const ask = (path: string) => refusalOf(own.propose(`${server.url}${path}`, { isUnsigned: true }))
  expect(await ask("none.tgz")).toContain("answered 404")
  expect(await ask("round.tgz")).toContain("leads on to another place more than 5 times")
  expect(await ask("plain.tgz")).toContain("http://example.com is not encrypted")
  expect(await ask("text.tgz")).toContain("It is neither a zip nor a tar archive.")
  expect(await refusalOf(own.propose("http://127.0.0.1:9/x.tgz", {}))).toStartWith(
    "Nobody answered at http://127.0.0.1:9",
  )
})

test("an address elsewhere that leads to this machine is not followed", async () => {
  const asked: string[] = []
  const { own } = worldOf({
    reach: async (url) => {
      asked.push(url)
      return new Response(null, { status: 302, headers: { location: "http://127.0.0.1:8080/admin" } })
    },
  })
  expect(await refusalOf(own.propose("https://example.com/a.tgz", {}))).toContain("leads to this machine itself")
  expect(asked).toEqual(["https://example.com/a.tgz"])
})

test("what is not there is told as it was typed", async () => {
  const { own, home } = worldOf()
  expect(await refusalOf(own.propose("./nothing", {}))).toBe(`${join(home, "nothing")} is not there.`)
  expect(await refusalOf(own.propose("???", {}))).toContain('"???" is no place to get a plugin from.')
})
