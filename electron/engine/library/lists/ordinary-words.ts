/** Words of ordinary copy. One that stands in a list of forbidden words, or holds one, makes that entry doubtful: it would hit everywhere. */
const ordinary = `
的 了 是 在 和 我们 你们 他们 您 你 我 大家 朋友 顾客 客户 用户 会员 家人 孩子 宝宝 父亲 母亲 亲子 亲爱的 亲戚 亲自 相亲 女士 先生 老师 同学 学生
今天 明天 昨天 现在 最近 最后 最初 最终 第一次 第一天 第一步 唯一 统一 一起 一样 一定 一些 一个 一家 每天 每周 时间 周末 春天 夏天 秋天 冬天 早上 晚上
活动 优惠 折扣 满减 红包 礼品 礼物 赠品 抽奖 积分 福利 新品 上新 上市 首发 预售 现货 包邮 快递 发货 下单 购买 购物 价格 价钱 便宜 免费 费用 付款 支付 退货 退款
门店 店铺 商城 品牌 产品 商品 系列 款式 颜色 尺寸 规格 材质 面料 质量 品质 品味 口味 口感 味道 新鲜 健康 安全 安心 放心 舒适 舒服 温柔 自然 天然 绿色 环保
美丽 美好 漂亮 好看 好吃 好喝 好用 喜欢 喜爱 热爱 爱心 爱情 开心 快乐 幸福 生活 家庭 家居 办公 旅行 运动 学习 工作 服务 售后 咨询 联系 电话 微信 公众号 小程序
关注 点击 扫码 分享 转发 收藏 评论 留言 报名 参加 预约 领取 使用 体验 了解 更多 详情 查看 欢迎 感谢 谢谢 祝福 祝您 节日 春节 中秋 国庆 元旦 生日 纪念 开业 周年
城市 北京 上海 广州 深圳 中国 国家 全国 世界 国际 地区 社区 社会 文化 艺术 设计 创意 科技 技术 智能 数据 信息 网络 手机 电脑 视频 图片 照片 音乐 电影 图书 阅读
水 茶 酒 米 面 肉 鱼 菜 水果 蔬菜 牛奶 咖啡 奶茶 蛋糕 面包 早餐 午餐 晚餐 厨房 餐厅 酒店 房间 衣服 鞋子 包包 手表 眼镜 护肤 化妆 面膜 口红 香水 头发 皮肤 身体
医院 医生 治疗 治愈系 药品 学校 课程 培训 考试 银行 理财 投资 保险 贷款 收入 公司 企业 员工 团队 老板 经理 合作 发展 提高 提升 增加 减少 改善 保证 保护 保持
可以 可能 应该 需要 希望 相信 知道 觉得 认为 发现 开始 结束 完成 继续 选择 决定 准备 等待 看到 听到 做到最好 做好 非常 特别 十分 真的 真正 所有 全部 全新 大小 多少
高级 高端 高效 高度 顶部 首先 首页 首次 独立 独特 独家 专业 专家 专属 特色 特价 特点 经典 传统 历史 时尚 流行 潮流 简单 简约 方便 快速 轻松 轻便 精致 精美 精选
the a an and or of to in on for with we you our your new now free sale best best wishes off more shop store today only all gift member please thanks welcome home love life
`

const words = [...new Set(ordinary.split(/\s+/).filter(word => word !== ''))]
const known = new Set(words)
/** By the pieces of up to this many characters: an entry that is one of these is found in the word. */
const longestPiece = 3
const held = new Map<string, string[]>()
for (const word of words) {
  if (!/\p{Script=Han}/u.test(word)) continue
  for (let length = 1; length <= longestPiece; length++) {
    for (let at = 0; at + length <= word.length; at++) {
      const piece = word.slice(at, at + length)
      if (piece !== word) held.set(piece, [...(held.get(piece) ?? []), word])
    }
  }
}

/** Up to three ordinary words in which this one would hit; empty for a word that is none of them and in none. */
export function ordinaryWith(word: string): readonly string[] {
  const within = held.get(word) ?? []
  return (known.has(word) ? [word, ...within] : within).slice(0, 3)
}
