import { expecting, type ReadPaste, withPaste } from "../composer/expecting.ts"
import type { Desk } from "./desk.ts"

/** The image of the clipboard, or whatever is there instead. */
export async function clipboardPasted(app: Desk): Promise<void> {
  const { system } = app.options
  await pasted("the clipboard", app, async () => {
    const found = await system.paste()
    switch (found.kind) {
      case "text":
        return found
      case "image": {
        const { mediaType, data, bytes } = found
        return { kind: "images", images: [{ mediaType, data, bytes, name: "clipboard" }] }
      }
      case "files":
        return imagesAt(found.paths, found.paths.join(" "), app)
      case "nothing":
        app.hint(found.why)
        return { kind: "nothing" }
    }
  })
}

/** Images that are named by what was pasted. */
export async function imagesPasted(paths: readonly string[], text: string, app: Desk): Promise<void> {
  const [first = ""] = paths
  await pasted(paths.length === 1 ? nameOf(first) : `${paths.length} images`, app, () => imagesAt(paths, text, app))
}

/** A chip stands where it was pasted while it is read; what it turns out to be comes in its place, sent or not. */
async function pasted(name: string, app: Desk, read: () => Promise<ReadPaste>): Promise<void> {
  const id = Symbol(name)
  const before = expecting(app.composer, id, name)
  if (before === undefined) return app.hint("There is no room for more pastes in this prompt.")
  app.composer = before
  const reading = read()
  app.outgoing.reading(reading)
  try {
    arrived(id, await reading, app)
  } catch (error) {
    arrived(id, { kind: "nothing" }, app)
    throw error
  }
}

function arrived(id: symbol, read: ReadPaste, app: Desk): void {
  // Without what was pasted it is not what the person wanted to send.
  if (read.kind === "nothing" && app.outgoing.expects(id)) app.composer = app.outgoing.takenBack(app.composer)
  app.composer = withPaste(app.composer, id, read)
  app.outgoing.arrived(id, read)
  app.send()
}

/** Paths that are no images stay what they are: text. */
async function imagesAt(paths: readonly string[], text: string, app: Desk): Promise<ReadPaste> {
  const found = await Promise.all(
    paths.map(async (path) => {
      const image = await app.options.system.readImage(path)
      return image && { ...image, name: nameOf(path) }
    }),
  )
  const images = found.filter((image) => image !== undefined)
  return images.length < paths.length ? { kind: "text", text } : { kind: "images", images }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1)
}
