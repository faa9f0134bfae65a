import { partName as nameIn } from '../../../shared/part-names.ts'
import { language } from '../../base/i18n/index.ts'

/** In the language of the moment. */
export const partName = (name: string): string => nameIn(name, language())
