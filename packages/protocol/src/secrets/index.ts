export {
  environmentLine,
  isPlaceholder,
  isSecretVariable,
  KEY_CHARS_MIN,
  SECRET_MARK,
  type SecretShape,
  SHAPE_KINDS,
  type ShapeKind,
  secretMark,
  secretShapes,
} from "./shapes.ts"
