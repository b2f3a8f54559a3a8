/** Functions of the C library by name, as `dlopen` of bun:ffi takes them. */
type Wanted = Parameters<typeof import("bun:ffi").dlopen>[1]

/** The C library with these functions, and the number of the last refusal. Undefined where it has not all of them. */
export async function loadLibc<const T extends Wanted>(wanted: T) {
  const { dlopen, read } = await import("bun:ffi")
  const isDarwin = process.platform === "darwin"
  const musl = `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`
  for (const name of isDarwin ? ["libSystem.B.dylib"] : ["libc.so.6", musl]) {
    try {
      const { symbols } = dlopen(name, wanted)
      const location = errnoLocation(dlopen, name, isDarwin)
      const errno = () => {
        const at = location()
        return at === null ? 0 : read.i32(at, 0)
      }
      return { symbols, errno }
    } catch {
      // The next name. Without any, the caller does without.
    }
  }
  return undefined
}

type Address = Parameters<typeof import("bun:ffi").read.i32>[0]

const LOCATION = { args: [], returns: "ptr" } as const

function errnoLocation(dlopen: typeof import("bun:ffi").dlopen, name: string, isDarwin: boolean): () => Address | null {
  if (isDarwin) return dlopen(name, { __error: LOCATION }).symbols.__error
  return dlopen(name, { __errno_location: LOCATION }).symbols.__errno_location
}
