import { afterAll, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ToolFailure } from "@skein/core/ports"
import { chromiumIn } from "../src/browser/find.ts"
import { type Relay, relay } from "../src/browser/relay.ts"
import { browsers } from "../src/index.ts"
import { caller } from "./ground.ts"

const folder = mkdtempSync(join(tmpdir(), "skein-relay-"))
const socketPath = join(folder, "proxy")
const heads: string[] = []
const proxy = Bun.listen({
  unix: socketPath,
  socket: {
    data(socket, bytes) {
      heads.push(bytes.toString("latin1"))
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
    },
  },
})
afterAll(() => {
  proxy.stop(true)
  rmSync(folder, { recursive: true, force: true })
})

async function exchanged({ port }: Relay, text: string): Promise<string> {
  let said = ""
  const over = Promise.withResolvers<void>()
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      data(self, bytes) {
        said += bytes.toString("latin1")
        if (said.endsWith("hi")) self.end()
      },
      close: () => over.resolve(),
      error: () => over.resolve(),
    },
  })
  socket.write(text)
  await over.promise
  return said
}

const basic = (password: string) => `Basic ${Buffer.from(`skein:${password}`).toString("base64")}`
const head = (password?: string) =>
  `CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n${password === undefined ? "" : `Proxy-Authorization: ${basic(password)}\r\n`}\r\n`

test("the browser's password becomes the call's, and only its own opens the way", async () => {
  const way = await relay()
  way.to({ socketPath, token: "of-the-call" })
  expect(await exchanged(way, head(way.password))).toEndWith("hi")
  expect(heads).toEqual([
    `CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\nProxy-Authorization: ${basic("of-the-call")}\r\n\r\n`,
  ])
  expect(await exchanged(way, head())).toStartWith("HTTP/1.1 407")
  expect(await exchanged(way, head("guessed"))).toStartWith("HTTP/1.1 407")
  expect(heads.length).toBe(1)
  way.close()
})

test("between calls nothing goes anywhere, and what was open ends with its call", async () => {
  const way = await relay()
  expect(await exchanged(way, head(way.password))).toStartWith("HTTP/1.1 503")
  way.to({ socketPath, token: "t" })
  const open = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  await Bun.connect({
    ...{ hostname: "127.0.0.1", port: way.port },
    socket: {
      open: (socket) => void socket.write(head(way.password)),
      data: () => open.resolve(),
      close: () => ended.resolve(),
    },
  })
  await open.promise
  way.to(undefined)
  await ended.promise
  expect(await exchanged(way, "x".repeat(40_000))).toBe("")
  way.close()
})

test("a browser that lies in the folder that is worked in is none", async () => {
  await Bun.write(join(folder, "bin/chromium"), "#!/bin/sh\n")
  await Bun.$`chmod +x ${join(folder, "bin/chromium")}`.quiet()
  expect(chromiumIn(join(folder, "bin"), "/elsewhere")).toBe(join(folder, "bin/chromium"))
  for (const path of [join(folder, "bin"), "bin", "."]) expect(chromiumIn(path, folder)).toBeUndefined()
})

test("without a browser, or without a page, it is said what to do", async () => {
  const none = browsers({
    packed: () => undefined,
    egress: { open: () => Promise.reject(new Error("Nothing is opened")) },
    path: "",
    cwd: "/",
    temporary: folder,
  })
  const said = async (work: Promise<unknown>) => {
    const error = await work.catch((cause: unknown) => cause)
    return error instanceof ToolFailure ? error.message : String(error)
  }
  expect(await said(none.act({ kind: "open", url: "http://a.test" }, caller()))).toContain("apt-get install chromium")
  expect(await said(none.act({ kind: "text" }, caller()))).toContain("No page is open")
  expect((await none.act({ kind: "close" }, caller())).notes).toEqual(["The browser is closed."])
})
