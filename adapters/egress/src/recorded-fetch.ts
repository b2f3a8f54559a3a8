import type { LedgerEntry, LedgerPort } from "@skein/core/ports"

/** The part of the platform's fetch that skein uses, and whose session asks. */
export type RecordedFetch = (url: string, init?: RequestInit, about?: FetchAbout) => Promise<Response>

export interface FetchAbout {
  readonly sessionId?: string | undefined
}

/**
 * A fetch whose requests stand in the ledger: where to, how many bytes, and the hash of the body as it left; then the
 * bytes of the answer, when it has been read or given up. Neither is held back or copied. A redirect is an error unless
 * the caller takes it by hand: where it leads would be in no record.
 */
export function recordedFetch(
  through: (url: string, init?: RequestInit) => Promise<Response>,
  ledger: LedgerPort,
  { purpose, now }: { readonly purpose: string; readonly now: () => number },
): RecordedFetch {
  return async (url, init = {}, about = {}) => {
    const { hostname, port, protocol, pathname, search } = new URL(url)
    const to = {
      host: hostname.replace(/^\[|\]$/g, ""),
      port: port === "" ? (protocol === "http:" ? 80 : 443) : Number(port),
    }
    const record = (entry: Pick<LedgerEntry, "bytesOut" | "bytesIn" | "sha256">) =>
      ledger.record({ at: now(), ...to, purpose, decision: "allowed", ...entry, ...about })
    const answer = through(url, { redirect: "error", ...init })
    // The request is on its way: what is counted here costs it nothing.
    const body = bodyOf(init.body)
    const head = `${init.method ?? "GET"} ${pathname}${search} HTTP/1.1\r\n\r\n`.length + headersLength(init.headers)
    const bytesOut = head + (body === undefined ? 0 : Buffer.byteLength(body))
    record({ bytesOut, bytesIn: 0, ...(body !== undefined && { sha256: sha256(body) }) })
    return counted(await answer, init.signal, (bytesIn) => record({ bytesOut: 0, bytesIn }))
  }
}

/** As it leaves; undefined where there is none, or a stream: skein sends none. */
function bodyOf(body: RequestInit["body"]): string | Uint8Array<ArrayBuffer> | undefined {
  if (body instanceof URLSearchParams) return body.toString()
  if (body instanceof ArrayBuffer) return new Uint8Array(body)
  // As the request itself takes it: a view of shared memory is none that a body may be.
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer as ArrayBuffer, body.byteOffset, body.byteLength)
  return typeof body === "string" ? body : undefined
}

function headersLength(headers: RequestInit["headers"]): number {
  if (headers === undefined || headers === null) return 0
  const pairs = headers instanceof Headers || Array.isArray(headers) ? [...headers] : Object.entries(headers)
  return pairs.reduce((sum, [name = "", value = ""]) => sum + String(name).length + String(value).length + 4, 0)
}

function sha256(body: string | Uint8Array<ArrayBuffer>): string {
  return Bun.CryptoHasher.hash("sha256", body, "hex")
}

type Reading = Pick<ReadableStreamDefaultReader<Uint8Array>, "read" | "cancel">

/**
 * The same response, whose readers count. A stream in between would cost each piece of an answer as much again as reading
 * it does, so only ways of reading that skein's own wires do not take have one.
 */
function counted(response: Response, signal: AbortSignal | null | undefined, over: (bytes: number) => void): Response {
  const { body } = response
  let bytes = response.statusText.length
  for (const [name, value] of response.headers) bytes += name.length + value.length + 4
  let isOver = false
  const end = () => {
    if (isOver) return
    isOver = true
    signal?.removeEventListener("abort", end)
    over(bytes)
  }
  if (body === null) {
    end()
    return response
  }
  signal?.addEventListener("abort", end, { once: true })
  const original = body.getReader.bind(body)
  const countedReader = () => {
    const reader: Reading = original()
    const readOn = reader.read.bind(reader)
    const cancelNow = reader.cancel.bind(reader)
    const read = async () => {
      try {
        const piece = await readOn()
        if (piece.done) end()
        else bytes += piece.value.length
        return piece
      } catch (error) {
        end()
        throw error
      }
    }
    const cancel = (reason?: unknown) => {
      end()
      return cancelNow(reason)
    }
    return Object.defineProperties(reader, { read: { value: read }, cancel: { value: cancel } })
  }
  const whole = async () => await gathered(countedReader())
  const stream = () => streamOf(countedReader())
  Object.defineProperties(body, {
    getReader: { value: countedReader },
    pipeThrough: { value: (...to: Parameters<typeof body.pipeThrough>) => stream().pipeThrough(...to) },
    pipeTo: { value: (...to: Parameters<typeof body.pipeTo>) => stream().pipeTo(...to) },
    tee: { value: () => stream().tee() },
    values: { value: () => stream().values() },
    [Symbol.asyncIterator]: { value: () => stream()[Symbol.asyncIterator]() },
  })
  return Object.defineProperties(response, {
    bytes: { value: whole },
    arrayBuffer: { value: async () => (await whole()).buffer },
    blob: { value: async () => new Blob([await whole()]) },
    text: { value: async () => new TextDecoder().decode(await whole()) },
    json: { value: async (): Promise<unknown> => JSON.parse(new TextDecoder().decode(await whole())) },
  })
}

async function gathered(reader: Reading): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = []
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) pieces.push(piece.value)
  return new Uint8Array(Buffer.concat(pieces))
}

function streamOf(reader: Reading): ReadableStream<Uint8Array> {
  const source = {
    async pull(controller: ReadableStreamDefaultController<Uint8Array>) {
      const piece = await reader.read()
      if (piece.done) controller.close()
      else controller.enqueue(piece.value)
    },
    cancel: (reason: unknown) => reader.cancel(reason),
  }
  return new ReadableStream(source, { highWaterMark: 0 })
}
