import { crc32, deflateRawSync } from "node:zlib"

/** One entry of an archive that a test makes, as hostile as it likes. */
export interface Made {
  readonly name: string
  readonly text?: string
  /** Of tar: `0` a file, `1` and `2` links, `3` a device, `5` a folder. */
  readonly type?: string
  readonly mode?: number
  /** In the place of its size. */
  readonly saidSize?: number
  /** Of zip: the name that stands before the content. */
  readonly localName?: string
  readonly method?: number
}

export function tar(entries: readonly Made[]): Uint8Array {
  return Buffer.concat([...entries.map(tarEntry), Buffer.alloc(1024)])
}

function tarEntry({ name, text = "", type = "0", mode = 0o644, saidSize }: Made): Buffer {
  const body = Buffer.from(text)
  const header = Buffer.alloc(512)
  header.write(name, 0, 100)
  header.write(`${mode.toString(8).padStart(7, "0")}\0`, 100)
  header.write(`${(saidSize ?? body.length).toString(8).padStart(11, "0")}\0`, 124)
  header.write("        ", 148)
  header.write(type, 156)
  header.write("ustar\x0000", 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148)
  return Buffer.concat([header, body, Buffer.alloc((512 - (body.length % 512)) % 512)])
}

/** A record before an entry that says more of it. */
export function pax(key: string, value: string): Made {
  const rest = ` ${key}=${value}\n`
  const length = Buffer.byteLength(rest)
  const digits = String(length + String(length + 2).length).length
  return { name: "PaxHeader", type: "x", text: `${length + digits}${rest}` }
}

export function zip(entries: readonly Made[]): Uint8Array {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  let at = 0
  for (const entry of entries) {
    const local = zipLocal(entry)
    central.push(zipCentral(entry, at))
    locals.push(local)
    at += local.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...locals, directory, end])
}

function zipLocal({ name, text = "", localName = name }: Made): Buffer {
  const packed = deflateRawSync(text)
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(8, 8)
  header.writeUInt32LE(crc32(text), 14)
  header.writeUInt32LE(packed.length, 18)
  header.writeUInt32LE(Buffer.byteLength(text), 22)
  header.writeUInt16LE(Buffer.byteLength(localName), 26)
  return Buffer.concat([header, Buffer.from(localName), packed])
}

function zipCentral({ name, text = "", mode = 0o100644, saidSize, method = 8 }: Made, at: number): Buffer {
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt8(3, 5)
  header.writeUInt16LE(method, 10)
  header.writeUInt32LE(crc32(text), 16)
  header.writeUInt32LE(deflateRawSync(text).length, 20)
  header.writeUInt32LE(saidSize ?? Buffer.byteLength(text), 24)
  header.writeUInt16LE(Buffer.byteLength(name), 28)
  header.writeUInt32LE((mode << 16) >>> 0, 38)
  header.writeUInt32LE(at, 42)
  return Buffer.concat([header, Buffer.from(name)])
}
