import { isWithin } from "@skein/protocol"

/** `~/dev/shop`, for the home that is given; any other path as it is. */
export function shortPath(path: string, home: string | undefined): string {
  if (home === undefined || home === "" || !isWithin(path, home)) return path
  return path === home ? "~" : `~${path.slice(home.length)}`
}
