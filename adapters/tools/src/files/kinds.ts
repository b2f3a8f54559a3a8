/** What a binary file is, by its first bytes: `an ELF program`; `binary data` when they say nothing. */
export function binaryKind(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 512)).toString("latin1")
  return MAGIC.find(({ magic, at }) => head.startsWith(magic, at ?? 0))?.kind ?? "binary data"
}

const MAGIC: readonly { readonly magic: string; readonly kind: string; readonly at?: number }[] = [
  { magic: "\x7fELF", kind: "an ELF program or library" },
  { magic: "MZ", kind: "a Windows program" },
  { magic: "\xcf\xfa\xed\xfe", kind: "a Mach-O program" },
  { magic: "\xca\xfe\xba\xbe", kind: "a Java class or universal Mach-O program" },
  { magic: "\0asm", kind: "a WebAssembly module" },
  { magic: "%PDF-", kind: "a PDF document" },
  { magic: "PK\x03\x04", kind: "a ZIP archive (or an office document, or a JAR)" },
  { magic: "\x1f\x8b", kind: "gzip data" },
  { magic: "BZh", kind: "bzip2 data" },
  { magic: "\xfd7zXZ\0", kind: "xz data" },
  { magic: "\x28\xb5\x2f\xfd", kind: "zstd data" },
  { magic: "7z\xbc\xaf\x27\x1c", kind: "a 7z archive" },
  { magic: "ustar", at: 257, kind: "a tar archive" },
  { magic: "SQLite format 3\0", kind: "an SQLite database" },
  { magic: "\x89PNG", kind: "a PNG image that cannot be shown" },
  { magic: "\xff\xd8\xff", kind: "a JPEG image that cannot be shown" },
  { magic: "GIF8", kind: "a GIF image that cannot be shown" },
  { magic: "BM", kind: "a BMP image" },
  { magic: "II*\0", kind: "a TIFF image" },
  { magic: "MM\0*", kind: "a TIFF image" },
  { magic: "OggS", kind: "Ogg audio or video" },
  { magic: "ID3", kind: "MP3 audio" },
  { magic: "fLaC", kind: "FLAC audio" },
  { magic: "RIFF", kind: "a RIFF file (audio, video or image)" },
  { magic: "ftyp", at: 4, kind: "an MP4 file" },
  { magic: "\x1a\x45\xdf\xa3", kind: "a Matroska video" },
  { magic: "wOFF", kind: "a font" },
  { magic: "wOF2", kind: "a font" },
]
