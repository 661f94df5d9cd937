package contact

import (
	"strings"

	"github.com/leakwatch/leakwatch/detect/internal/starts"
)

// Handles and links of others stand in listings too: who holds the money, where
// the reviews are, an account in another network, the one that is not meant.

// otherRoles stand before the handle of such a one, maybe with connectors
// between.
var otherRoles = newWordEndings("escrow", "escrow bot", "guarantor", "middleman", "mm", "garant", "vouches", "vouch", "reviews", "review", "feedback", "proofs", "proof", "testimonials", "insta", "instagram", "ig", "twitter", "tiktok", "snap", "snapchat", "facebook", "fb", "github", "credit", "credits", "not", "isn't", "old", "old account",
	"担保", "担保人", "担保群", "公证", "公证人", "中介", "中间人", "好评", "评价", "反馈", "晒单", "晒图", "证据", "信誉", "抖音", "微博", "小红书", "快手", "推特", "不是", "并非", "公群", "原号", "旧号", "旧飞机",
	"에스크로", "중개", "중개인", "인증방", "후기방", "후기", "인증", "후기채널", "인증채널", "인스타", "인스타그램", "트위터", "페북")

// showWords in the clause of a group say that the goods are shown there.
var showWords = starts.NewSearch("看货", "看样", "拿货", "进货", "出货", "下单")

// roleConnectors stand between a role and a handle, longer ones before those that
// they end with.
var roleConnectors = newWordEndings("only through", "bot", "only", "through", "via", "with", "by", "is", "in", "at", "on", "to", "channel", "group", "chat", "here", "the", "our", "page", "机器人", "只走", "可走", "走", "找", "用", "是", "在", "群", "频道", "统一", "见", "看", "方", "봇", "방", "채널", "은", "는", "통해", "통해서", "통한")

// others reports whether what stands before the handle or link at i makes it
// someone else's.
func (r *reader) others(i int) bool {
	b := r.s[max(0, i-48):i]
	if showWords.In(lastClause(b)) {
		return false // 看货走公群: their own group
	}
	for n := 0; n < 4; n++ {
		b = strings.TrimRight(b, " :=>-([~|*@\n")
		if otherRoles.In(b) {
			return true
		}
		k := roleConnectors.Of(b)
		if k == 0 {
			return false
		}
		b = b[:len(b)-k]
	}
	return false
}

// othersBehind stand behind the handle of someone who holds the money.
var othersBehind = starts.New("as escrow", "escrow", "is escrow", "as middleman", "for escrow", "as guarantor", "担保", "做担保", "에스크로", "중개")
