/** The two channels between preload and main process; pages cannot name any. */
export const callChannel = 'prescreen:call'
export const eventChannel = 'prescreen:event'
