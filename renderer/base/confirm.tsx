import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { type ReactElement, useId } from 'react'

interface Props {
  readonly opened: boolean
  readonly title: string
  readonly text: string
  readonly stay: string
  readonly go: string
  readonly onStay: () => void
  readonly onGo: () => void
  /** Of a question about something that can be stopped and repeated. */
  readonly isHarmless?: boolean
}

/** Asks before something that cannot be taken back, or takes long. The safe answer has the focus. */
export function Confirm({ opened, title, text, stay, go, onStay, onGo, isHarmless = false }: Props): ReactElement {
  const textId = useId()
  return (
    <Modal
      opened={opened}
      onClose={onStay}
      title={title}
      size="sm"
      withCloseButton={false}
      lockScroll={false}
      aria-describedby={textId}
    >
      <Stack gap="lg">
        <Text id={textId} size="md">
          {text}
        </Text>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onStay} data-autofocus>
            {stay}
          </Button>
          <Button {...(isHarmless ? {} : { color: 'red.8' })} onClick={onGo}>
            {go}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
