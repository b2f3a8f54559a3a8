/** One fact of a GGUF file's head, with the type it is written as. */
export type GgufFact =
  | { readonly type: "uint32" | "float32"; readonly value: number }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "strings"; readonly value: readonly string[] }
  | { readonly type: "float32s" | "int32s"; readonly value: readonly number[] }

/** A tensor of 32-bit floats; the first dimension is the one that lies together. */
export interface GgufTensor {
  readonly name: string
  readonly dimensions: readonly number[]
  readonly values: Float32Array
}

const ALIGNMENT = 32
const TYPE_IDS = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 } as const

/** The bytes of a GGUF file, version 3, as ggml's `docs/gguf.md` has it: head, facts, tensors' places, tensors. */
export function ggufBytes(
  facts: Readonly<Record<string, GgufFact>>,
  tensors: readonly GgufTensor[],
): Uint8Array<ArrayBuffer> {
  const head = [text("GGUF"), uint32(3), uint64(tensors.length), uint64(Object.keys(facts).length)]
  for (const [name, fact] of Object.entries(facts)) head.push(named(name), ...written(fact))
  let offset = 0
  for (const { name, dimensions, values } of tensors) {
    head.push(named(name), uint32(dimensions.length), ...dimensions.map(uint64), uint32(0), uint64(offset))
    offset += aligned(values.byteLength)
  }
  const parts = [padded(Buffer.concat(head))]
  for (const { values } of tensors)
    parts.push(padded(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)))
  return new Uint8Array(Buffer.concat(parts))
}

function written(fact: GgufFact): Uint8Array[] {
  switch (fact.type) {
    case "uint32":
      return [uint32(TYPE_IDS.uint32), uint32(fact.value)]
    case "float32":
      return [uint32(TYPE_IDS.float32), float32(fact.value)]
    case "bool":
      return [uint32(TYPE_IDS.bool), Uint8Array.of(fact.value ? 1 : 0)]
    case "string":
      return [uint32(TYPE_IDS.string), named(fact.value)]
    case "strings":
      return [...array(TYPE_IDS.string, fact.value.length), ...fact.value.map(named)]
    case "float32s":
      return [...array(TYPE_IDS.float32, fact.value.length), ...fact.value.map(float32)]
    case "int32s":
      return [...array(TYPE_IDS.int32, fact.value.length), ...fact.value.map(uint32)]
  }
}

function array(type: number, length: number): Uint8Array[] {
  return [uint32(TYPE_IDS.array), uint32(type), uint64(length)]
}

function padded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(aligned(bytes.length))
  whole.set(bytes)
  return whole
}

function aligned(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT
}

function named(value: string): Uint8Array {
  const bytes = text(value)
  return Buffer.concat([uint64(bytes.length), bytes])
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value)
}

function uint32(value: number): Uint8Array {
  return new Uint8Array(new Uint32Array([value]).buffer)
}

function uint64(value: number): Uint8Array {
  return new Uint8Array(new BigUint64Array([BigInt(value)]).buffer)
}

function float32(value: number): Uint8Array {
  return new Uint8Array(new Float32Array([value]).buffer)
}
