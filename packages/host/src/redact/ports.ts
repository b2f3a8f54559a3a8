import type { ArtifactsPort, ArtifactWriter, GatheredSection, ModelPort, SourcesPort } from "@skein/core/ports"
import type { Redact } from "./redact.ts"
import { rethrow } from "./tools.ts"

/** A provider's words may hold what it was sent. */
export function redactingModel(model: ModelPort, redact: Redact): ModelPort {
  return {
    describe: (name) => model.describe(name),
    list: (how) => model.list(how),
    async *stream(request, signal) {
      try {
        yield* model.stream(request, signal)
      } catch (error) {
        rethrow(error, redact)
      }
    },
  }
}

/**
 * Instruction files go to the model unread by anybody, so what is secret in them goes out first. `meanwhile` is what can
 * wait until the first request is on its way, and is done before its answer is there.
 */
export function redactingSources(
  sources: SourcesPort,
  redact: Redact,
  meanwhile: (roots: readonly string[]) => Promise<unknown>,
): SourcesPort {
  const clean = (sections: readonly GatheredSection[]) => sections.map((section) => cleanSection(section, redact))
  const { changed } = sources
  return {
    async gather(context) {
      // Not now: the first request is being made, and while its answer is waited for there is time.
      setTimeout(() => {
        meanwhile(context.roots).catch(() => {
          // Told by the first call, which waits for the same.
        })
      }, MEANWHILE_AFTER_MS)
      return clean(await sources.gather(context))
    },
    touched: async (paths, context) => clean(await sources.touched(paths, context)),
    ...(changed === undefined
      ? {}
      : { changed: async (...given: Parameters<typeof changed>) => clean(await changed.apply(sources, given)) }),
  }
}

const MEANWHILE_AFTER_MS = 50

/** What has no file is skein's own. */
function cleanSection(section: GatheredSection, redact: Redact): GatheredSection {
  if (section.path === undefined) return section
  const text = redact(section.text)
  if (text === section.text) return section
  return { ...section, text, sha256: Bun.CryptoHasher.hash("sha256", text, "hex"), bytes: Buffer.byteLength(text) }
}

/** Kept outputs lie on the disk and are read again, so no secret goes into them. All other bytes stay what they are. */
export function redactingArtifacts(artifacts: ArtifactsPort, redact: Redact): ArtifactsPort {
  return {
    async create(extension, sessionId) {
      return redactingWriter(await artifacts.create(extension, sessionId), redact)
    },
  }
}

/** As much is looked at together, at least; a secret longer than what is held back may be torn. */
const WINDOW_CHARS = 65_536
const HELD_CHARS = 16_384

function redactingWriter(writer: ArtifactWriter, redact: Redact): ArtifactWriter {
  // A character for each byte, so that bytes that are no text come through as they are.
  let waiting = ""
  const put = (text: string) => {
    if (text !== "") writer.write(Buffer.from(redact(text), "latin1"))
  }
  return {
    write(bytes) {
      waiting += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1")
      if (waiting.length < WINDOW_CHARS + HELD_CHARS) return
      const end = cutBefore(waiting, waiting.length - HELD_CHARS)
      put(waiting.slice(0, end))
      waiting = waiting.slice(end)
    },
    async close() {
      put(waiting)
      waiting = ""
      return await writer.close()
    },
    discard: () => writer.discard(),
  }
}

/** At the end of a line, and not inside of a key that has begun. */
function cutBefore(text: string, at: number): number {
  const key = text.lastIndexOf("-----BEGIN ", at)
  const isInKey = key > 0 && text.indexOf("-----END ", key) > at
  const line = text.lastIndexOf("\n", isInKey ? key : at) + 1
  return line > 0 ? line : at
}
