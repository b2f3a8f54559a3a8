export {
  environmentLine,
  isPlaceholder,
  isSecretVariable,
  SECRET_MARK,
  type SecretShape,
  SHAPE_KINDS,
  type ShapeKind,
  secretMark,
  secretShapes,
} from "./shapes.ts"
