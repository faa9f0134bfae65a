const cloud = require('wx-server-sdk')
const { serve } = require('./serve.js')

cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV })

exports.main = serve(cloud)
