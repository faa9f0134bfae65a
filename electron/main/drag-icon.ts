import { type NativeImage, nativeImage } from 'electron'

/** A sheet of paper: what is dragged where its picture is not to be seen, or is none. */
const sheet =
  'iVBORw0KGgoAAAANSUhEUgAAADAAAAAwBAMAAAClLOS0AAAAG1BMVEVMaXFRW2ZWW2lVWmlRXGj19fdWW2lydoLo6Oy3A+JeAAAABXRSTlMAGdfTFjl9HpwAAAAJcEhZcwAACxMAAAsTAQCanBgAAABRSURBVDjLY2CgF2BLgwFFXBLJDqgSqaEQEIamBSGRniSAXSKjTBG7RGo7ihYkiQgULUgSoShakFwFBAa4JBKwSIAlRyVGJYaQRBoyIEaCtgAAlDq8KVdYCKkAAAAASUVORK5CYII='

/** macOS drags nothing without a picture. */
export function dragIcon(png: Uint8Array | null): NativeImage {
  const picture = png === null ? null : nativeImage.createFromBuffer(Buffer.from(png))
  return picture === null || picture.isEmpty() ? nativeImage.createFromBuffer(Buffer.from(sheet, 'base64')) : picture
}
