export { type Emulator, type EmulatorOptions, emulator } from "./emulator.ts"
export { type Cell, textOfRow } from "./grid.ts"
export { DARK, LIGHT, type PictureColors, type PictureSize, pictureOf, pictureSize, type Shown } from "./picture.ts"
export { type Sequence, type SequenceReader, sequenceReader } from "./sequences.ts"
