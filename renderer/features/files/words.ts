export const words = {
  zh: {
    'why.changed': '已在文件夹中显示。文件在检查之后改动过，不是检查时的内容。',
    'why.unread': '已在文件夹中显示。文件没有被读过，不知道里面是什么，因此没有打开。',
    'why.could_run': '已在文件夹中显示。这类文件打开时可能会运行内容，因此没有打开。',
    'why.misleading_name': '已在文件夹中显示。文件名里有会误导人的字符，因此没有打开。',
    'why.remote': '已在文件夹中显示。文件在另一台机器上，因此没有打开。',
    'why.not_opened': '已在文件夹中显示。系统没有能打开它的程序。',
  },
  en: {
    'why.changed': 'Shown in its folder. The file was changed after it was screened: it is not what was screened.',
    'why.unread': 'Shown in its folder. Nobody has read the file and knows what is in it, so it was not opened.',
    'why.could_run': 'Shown in its folder. Files of this kind may run something when opened, so it was not opened.',
    'why.misleading_name': 'Shown in its folder. Its name has characters that mislead, so it was not opened.',
    'why.remote': 'Shown in its folder. It lies on another machine, so it was not opened.',
    'why.not_opened': 'Shown in its folder. The system has no program that opens it.',
  },
} as const
