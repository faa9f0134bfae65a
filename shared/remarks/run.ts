import { counted, type RemarkTable } from './remark.ts'

/** Of batches and what is under way in them. */
export const runRemarks = {
  still_awaiting: { zh: () => '还在等待平台的推送', en: () => 'still awaiting its push' },
  waited_for_push: { zh: ({ count }) => `等了 ${count} 分钟`, en: ({ count }) => `no push after ${count} min` },
  program_fault: { zh: ({ name }) => `程序出错：${name}`, en: ({ name }) => `a fault of the program: ${name}` },
  profiles_kept_aside: {
    zh: ({ count }) => `${count} 个档案另存在设置文件的“damagedProfiles”里`,
    en: ({ count }) => `${counted(count, 'profile is', 'profiles are')} kept aside as damagedProfiles`,
  },
  asset_calls_over: {
    zh: ({ count, limit }) => `需要多达 ${count} 次调用，每个素材最多 ${limit} 次`,
    en: ({ count, limit }) => `it takes up to ${counted(count, 'call', 'calls')}, and ${limit} are allowed an asset`,
  },
  batch_calls_over: {
    zh: ({ count, limit }) => `还差 ${count} 次调用，而整个批次最多 ${limit} 次`,
    en: ({ count, limit }) =>
      `${counted(count, 'call is', 'calls are')} missing, and ${limit} are allowed in the whole batch`,
  },
  // About the search for a hit within a text.
  without_title: { zh: () => '查找时没有带标题', en: () => 'asked without its title' },
  without_nickname: { zh: () => '查找时没有带昵称', en: () => 'asked without its nickname' },
  without_signature: { zh: () => '查找时没有带签名', en: () => 'asked without its signature' },
} as const satisfies RemarkTable
