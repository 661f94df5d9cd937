package contact

import (
	"strings"

	"github.com/leakwatch/leakwatch/detect/internal/starts"
	"github.com/leakwatch/leakwatch/leak"
)

// at reads the bare handle behind the "@" at i: a Telegram name, unless it is
// part of an address, a mention in a talk, or named in a warning.
func (r *reader) at(i int) int {
	s := r.s
	j := i + 1
	if j < len(s) && s[j] == ' ' {
		j++
	}
	end := handleEnd(s, j, "")
	n := end - j
	if n == 0 || j > i+1 && isLatinCue(s[j:end]) {
		return i + 1 // "abc77 @ telegram"
	}
	if i > 0 && (isHandleByte(s[i-1]) || s[i-1] == '.' || s[i-1] == '@') || end < len(s) && (s[end] == '@' || s[end] == '.' && end+1 < len(s) && isLetter(s[end+1])) {
		if c := latinCueOf(s[j:end]); c != nil && !c.weak && j == i+1 && !hasAt(s, end, ".") && r.namedAt(*c, i) {
			return end
		}
		return r.askedAddress(i, end)
	}
	if n < 4 || n > 32 || !isLetter(s[j]) || j > i+1 && !handleLike(s[j:end]) {
		return end
	}
	if r.warned(i, end) || !hasWordBefore(s, i, sendTo) && (r.mention(i, end) || r.others(i)) || othersBehind.At(s, skipSpaces(s, end)) > 0 {
		return end
	}
	if _, before := r.marks(i); before > 0 || r.asked(i) {
		r.add(leak.Telegram, j, end, true, false)
		return end
	}
	r.add(leak.Telegram, j, end, false, r.opensLine(i, end))
	return end
}

// namedAt keeps the handle before the @ at i that a channel stands behind:
// abc_77@telegram.
func (r *reader) namedAt(c cue, i int) bool {
	start := handleStart(r.s, i, "")
	return !r.taken(start) && r.keepBefore([]cue{c}, start, i)
}

// askWords stand before the handle of someone who wants to be written to.
var askWords = newEndings("联系", "私聊", "私信", "私", "加", "找", "咨询", "客服", "对接", "老板号", "下单", "我的", "本人", "唯一", "要的", "有意", "详聊", "滴滴", "戳", "contact", "dm", "pm", "hmu", "msg",
	"message", "write", "write to", "write me", "reach", "mail", "at", "hit me up", "text", "inbox", "buy", "order", "support", "문의", "연락", "상담", "구매", "연락주세요", "문의는")

// asked reports whether such a word stands before i.
func (r *reader) asked(i int) bool { return hasWordBefore(r.s, i, askWords) }

// sendTo stand before the handle of the one to whom something is to be sent.
var sendTo = newEndings("proof to", "proofs to", "offers to", "brief to", "details to", "samples to", "sample to", "orders to", "enquiries to", "inquiries to", "files to", "photos to", "scans to", "write to", "line to", "a line at", "note to", "mail to", "quote to", "talk to", "message to", "dm to", "pm to", "apply to", "send to", "send it to", "send them to", "come to")

// mentionWords stand before a handle that is spoken of or to.
var mentionWords = newWordEndings("thanks", "thank you", "thx", "ty", "hi", "hello", "hey", "cc", "by", "from", "via", "to", "and", "with", "re", "for", "ping",
	"reply", "asked", "per", "mod", "admin", "moderator", "moderators", "staff", "escrow", "guarantor", "回复", "感谢", "谢谢", "多谢", "来自", "转自",
	"转发", "管理", "管理员", "版主", "站长", "担保", "中介", "公证", "楼上", "同意", "问", "관리자", "운영자", "중개", "감사", "답글", "님")

// mention reports whether the handle [i, end) is named in a talk: someone
// thanked, quoted or answered, or an officer of the place.
func (r *reader) mention(i, end int) bool {
	b := strings.TrimRight(r.s[max(0, i-32):i], " :")
	if mentionWords.In(b) {
		return true
	}
	after := strings.TrimLeft(r.s[end:min(len(r.s), end+24)], " ")
	return mentionBehind.At(after, 0) > 0
}

// mentionBehind stand behind such a handle.
var mentionBehind = starts.New("wrote", "said", "says", "i agree", "you ", "is right", "is legit", "is great", "说", "你", "您", "님")

// opensLine reports whether a handle begins a line that goes on behind it, as
// the answers of a forum do.
func (r *reader) opensLine(i, end int) bool {
	k := i
	for k > 0 && (r.s[k-1] == ' ' || r.s[k-1] == '\t') {
		k--
	}
	if k > 0 && r.s[k-1] != '\n' {
		return false
	}
	rest := r.s[end:min(len(r.s), end+16)]
	if k := strings.IndexByte(rest, '\n'); k >= 0 {
		rest = rest[:k]
	}
	rest = strings.TrimLeft(rest, " ,.!:@(")
	return rest != "" && ownBehind.At(rest, 0) == 0
}

// ownBehind stand behind a handle of one's own that opens a line.
var ownBehind = starts.New("backup", "备用", "or ", "또는", "或", "/", "on t", "텔", "main", "主号")

// Words that make a handle someone else's, and words that make it the
// seller's own. Of several in one clause the last counts.
var (
	warnBefore = starts.NewSearch("谨防", "假号", "假冒", "冒充", "仿冒", "高仿", "骗子", "曝光", "举报", "小心", "警惕", "不是", "并非", "拉黑", "避雷", "诈骗", "beware", "fake", "scammer",
		"scam", "impersonat", "reported", "report ", "avoid", "not me", "trust", "don't", "never", "is not", "ripper", "사칭", "사기", "신고", "조심", "주의")
	ownBefore = starts.NewSearch("认准", "唯一", "本人", "官方", "骗子勿", "骗子滚", "骗子绕", "骗子别", "only ", "official", "real ", "scammers stay", "no scam", "사기꾼 사절", "본인")
	warnAfter = starts.New("是骗子", "骗子", "是假", "假的", "冒充", "骗了", "跑路", "拉黑", "黑了", "is a scam", "is scam", "scammer", "scammed", "is fake", "fake", "ripped", "is dead", "is banned", "got banned", "banned", "deleted", "is gone", "no longer", "被封", "已停用", "停用", "作废", "废弃", "已封", "封了", "丢了", "정지", "막힘", "삭제",
		"는 사칭", "은 사칭", "사칭", "사기", "먹튀")
)

// warned reports whether the contact between i and j is one that the text
// warns of.
func (r *reader) warned(i, j int) bool {
	bad, own := r.marks(i)
	if bad > own {
		return true
	}
	after := strings.TrimLeft(r.s[j:min(len(r.s), j+30)], " )]>")
	if warnAfter.At(after, 0) > 0 && warnsOfOthers.At(after, 0) == 0 {
		return !strings.HasPrefix(after, "骗子勿") && !strings.HasPrefix(after, "骗子滚") && !strings.HasPrefix(after, "骗子绕") && !strings.HasPrefix(after, "骗子别") && !strings.HasPrefix(after, "사기꾼")
	}
	return false
}

// warnsOfOthers are words of warning behind a contact that do not mean it.
var warnsOfOthers = starts.New("사칭 많", "사칭많", "사칭 주의", "사칭주의", "사칭 조심", "사칭 계정", "冒充的多", "冒充的很多", "冒充很多", "冒充太多", "fakes around", "fake accounts", "fakes exist", "사기 주의", "사기꾼 주의")

// marks returns where in the clause before i the last word of warning and the
// last word of ownership end, 0 if there is none.
func (r *reader) marks(i int) (bad, own int) {
	b := lastClause(r.s[max(0, i-60):i])
	return warnBefore.LastEnd(b), ownBefore.LastEnd(b)
}

// lastClause returns what stands behind the last mark of s that ends a clause.
func lastClause(s string) string {
	for k := len(s) - 1; k >= 0; k-- {
		switch s[k] {
		case ',', '.', ';', '!', '?', '\n':
			return s[k+1:]
		case 0x81, 0x82: // the last bytes of 、 and 。
			if strings.HasPrefix(s[max(0, k-2):], "、") || strings.HasPrefix(s[max(0, k-2):], "。") {
				return s[k+1:]
			}
		}
	}
	return s
}
