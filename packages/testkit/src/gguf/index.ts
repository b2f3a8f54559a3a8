export { type GgufFact, type GgufTensor, ggufBytes } from "./bytes.ts"
export { type TinyModel, tinyModel } from "./tiny-model.ts"
