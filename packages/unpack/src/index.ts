export { type UnpackBounds, UnpackError, type UnpackErrorCode } from "./bounds.ts"
export type { PackedFile } from "./packed-file.ts"
export { place } from "./place.ts"
export { unpack } from "./unpack.ts"
