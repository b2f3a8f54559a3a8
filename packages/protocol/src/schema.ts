import type { ZodObject, ZodType } from "zod"
import { lazy } from "./lazy.ts"

type Zod = typeof import("./zod.ts")
declare const require: (path: "./zod.ts") => Zod

/**
 * The schema library, loaded by the first schema that is built: schemas stand at the edges, and a turn whose messages
 * are well formed needs none. As a plain import it would cost every start 3 ms and 8 MB.
 */
const zod = lazy(() => require("./zod.ts"))

function late<K extends keyof Zod>(name: K): Zod[K] {
  const call = (...args: never[]) => (zod()[name] as (...args: never[]) => unknown)(...args)
  // It is that function, a little later.
  return call as Zod[K]
}

export const array = late("array")
export const boolean = late("boolean")
export const custom = late("custom")
export const discriminatedUnion = late("discriminatedUnion")
export const int = late("int")
export const literal = late("literal")
export const looseObject = late("looseObject")
export const number = late("number")
export const object = late("object")
export const prettifyError = late("prettifyError")
export const record = late("record")
export const strictObject = late("strictObject")
export const string = late("string")
export const union = late("union")
export const unknown = late("unknown")
export const url = late("url")
const enumOf = late("enum")

/** One of these objects: which, the field `key` of each says, so that an error names the field that is wrong in that one. */
export function eitherOf<T>(key: string, objects: readonly ZodObject[]): ZodType<T> {
  const [first, ...others] = objects
  if (first === undefined) throw new Error("A choice of nothing")
  // What the caller says of the objects, which their list does not tell.
  return discriminatedUnion(key, [first, ...others]) as unknown as ZodType<T>
}

/** Whatever any of these schemas takes. */
export function anyOf(schemas: readonly ZodType[]): ZodType {
  const [first, ...others] = schemas
  if (first === undefined) throw new Error("A choice of nothing")
  return union([first, ...others])
}

export type { infer, ZodObject, ZodRawShape, ZodType } from "zod"
export { enumOf as enum }
