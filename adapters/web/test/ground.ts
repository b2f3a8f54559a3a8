import { deflateRawSync } from "node:zlib"
import type { WebAnswer, WebCaller } from "@skein/core/ports"
import type { Way } from "../src/request/request.ts"

/** A call whose hosts are all decided as `isAllowed` says; asks loopback servers only. */
export function caller(signal: AbortSignal = new AbortController().signal): WebCaller {
  return {
    ...{ sessionId: "ses_1", callId: "cal_1", signal },
    network: async () => ({ isAllowed: true, reason: "", isPrivateAllowed: true }),
  }
}

/** A way out that asks what it is asked, and tells which addresses those were. */
export function openWay(asked: string[] = []): (given: WebCaller) => Promise<Way> {
  return async () => ({
    ask(url, init) {
      asked.push(url)
      return fetch(url, { ...init, redirect: "manual", decompress: false })
    },
    close: () => [],
  })
}

export function answerOf(body: string | Uint8Array, more: Partial<WebAnswer> = {}): WebAnswer {
  return {
    ...{ url: "https://a.test/docs/page.html", status: 200, statusText: "OK", isCut: false, redirects: [] },
    ...{ headers: { "content-type": "text/html; charset=utf-8" }, durationMs: 1, network: [] },
    bytes: typeof body === "string" ? new TextEncoder().encode(body) : body,
    ...more,
  }
}

/** An archive of these files, as an office program writes one. */
export function zipped(files: Readonly<Record<string, string | Uint8Array>>): Uint8Array {
  const parts: Uint8Array[] = []
  const entries: Uint8Array[] = []
  let at = 0
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content)
    const packed = deflateRawSync(bytes)
    const label = Buffer.from(name)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(8, 8)
    local.writeUInt32LE(packed.length, 18)
    local.writeUInt32LE(bytes.length, 22)
    local.writeUInt16LE(label.length, 26)
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE(8, 10)
    central.writeUInt32LE(packed.length, 20)
    central.writeUInt32LE(bytes.length, 24)
    central.writeUInt16LE(label.length, 28)
    central.writeUInt32LE(at, 42)
    parts.push(local, label, packed)
    entries.push(central, label)
    at += local.length + label.length + packed.length
  }
  const directory = Buffer.concat(entries)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Object.keys(files).length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, directory, end])
}

/** A PDF with these lines on each page, written by hand: ISO 32000-1 §7.5. */
export function pdfOf(...pages: readonly (readonly string[])[]): Uint8Array {
  const objects: string[] = []
  const add = (text: string) => objects.push(text)
  const kids = pages.map((_, at) => `${4 + at * 2} 0 R`).join(" ")
  add("<< /Type /Catalog /Pages 2 0 R >>")
  add(`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`)
  add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
  for (const [at, lines] of pages.entries()) {
    const stream = lines.map((line, row) => `BT /F1 12 Tf 72 ${720 - row * 20} Td (${line}) Tj ET`).join("\n")
    const resources = "<< /Font << /F1 3 0 R >> >>"
    add(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${5 + at * 2} 0 R /Resources ${resources} >>`)
    add(`<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`)
  }
  let text = "%PDF-1.4\n"
  const places = objects.map((object, at) => {
    const place = text.length
    text += `${at + 1} 0 obj\n${object}\nendobj\n`
    return place
  })
  const table = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("")
  const start = text.length
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`
  return new TextEncoder().encode(text)
}
