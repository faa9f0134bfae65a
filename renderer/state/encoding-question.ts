import { create } from 'zustand'

/** Texts that somebody is about to say the encoding of; chosen when the dialog opens, wherever the focus goes. */
interface EncodingQuestion {
  readonly batch: string
  readonly assets: readonly number[]
}

export const useEncodingQuestion = create<{ readonly question: EncodingQuestion | null }>()(() => ({ question: null }))

export const askEncoding = (question: EncodingQuestion | null): void => useEncodingQuestion.setState({ question })
