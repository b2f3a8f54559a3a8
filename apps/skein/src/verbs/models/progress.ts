import type { Progress } from "@skein/host"
import type { Io } from "../../io.ts"

/** A line is said at most this often, in milliseconds, and at the end. */
const EVERY_MS = 2_000

/** Runs something long that Ctrl+C ends, and says on stderr how far it is. */
export async function withProgress<T>(io: Io, what: string, work: (how: Progress) => Promise<T>): Promise<T> {
  const abort = new AbortController()
  const off = io.onSignal((signal) =>
    abort.abort(new Error(`Ended by ${signal}. What came is kept; the same command goes on.`)),
  )
  let saidAt = io.now()
  const onProgress = (bytes: number, total: number | undefined) => {
    if (io.now() - saidAt < EVERY_MS) return
    saidAt = io.now()
    const share =
      total === undefined || total === 0 ? "" : ` of ${bytesSaid(total)}, ${Math.floor((100 * bytes) / total)} %`
    io.err(`${what}: ${bytesSaid(bytes)}${share}`)
  }
  try {
    return await work({ signal: abort.signal, onProgress })
  } finally {
    off()
  }
}

/** `4.1 GB`, in powers of ten as shops and servers count. */
export function bytesSaid(bytes: number): string {
  const [size, unit] = (
    [
      [1e9, "GB"],
      [1e6, "MB"],
      [1e3, "kB"],
    ] as const
  ).find(([least]) => bytes >= least) ?? [1, "bytes"]
  const amount = bytes / size
  return `${amount < 10 && size > 1 ? amount.toFixed(1) : Math.round(amount)} ${unit}`
}
