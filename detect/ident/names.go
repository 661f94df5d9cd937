package ident

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/detect/internal/ends"
)

// surnames are the frequent family names of China, in folded form (Ministry of
// Public Security, name reports), and of Korea.
const (
	hanSurnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文葛关尚施洪季倪樊庄焦裴祝单柴管蓝简游柳齐梅路左古申岳牛温芦俞安颜华倪聂兰章鲁翟耿靳苗鲍童辛甘凌路欧詹涂解符司成纪舒卓饶麻党牟佟尤裘宁涂盛霍路隋阮苑骆项甄栾巩阎毕殷傅殷娄穆储包沙应冷商时邢闵池卜阚冉仇桑滕楚晏褚穆宫敖"
	korSurnames = "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민나진지엄채원천방공현함변염여추도소석선설마길연위표명기반라왕금옥육인맹제모"
)

// compoundSurnames have two characters.
var compoundSurnames = []string{"欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "端木", "남궁", "황보", "선우", "독고", "제갈"}

// notNames begin like names and are words that stand beside numbers in
// listings.
var notNames = wordSet(`
	高清 方便 安全 金额 白号 成套 时间 包邮 包售后 现货 万条 成品 关注 文件 文字 文本 单价 单位 关于 应该 常年
	解封 时效 白户 向上 方式 司机 商家 商城 顾客 简单 明细 项目 金融 华为 方法 储蓄卡 管理 任何 任意 关系 成功
	成年 安卓 毕业 包含 包括 应用 温馨 路费 江苏 江西 康佳 云南 海南 河南 河北 古董 马上 方案 万元 石家庄 贵州
	许多 何时 全国 高端 高级 金卡 白金 黄金 龙卡 单独 史上 新增 常用 常见 高价 高仿 高质量 安装 包过 包换 包赔
	包真 包教 成交 成人 成员 单张 单个 单卖 单号 单套 关联 关闭 简介 简历 万能 万份 万张 万人 万个 万套 任选
	马甲 路线 管家 管用 程序 解决 解冻 解除 应届 于是 何种 白菜价 项目方 华语 安徽 成都 温州 江门 金色 金币
	方可 方面 时时 时段 向导 关键 关于我 余额 余款 石油 钱包 钱款 钟点 冷门 商品 商务 商户 商品名 符合 应急
	应收 龙年 施工 季度 路人 颜值 贺卡 莫名 范围 范本 陶瓷 章程 苗条 柴油 游戏 齐全 左右 古玩 牛市 温度 欧元
	欧洲
`, `
	전화 주소 이름 신분증 여권 전체 정보 주민 주민번호 문의 연락 연락처 계좌 사진 성명 번호 이메일 현재 장당
	건당 인증 하나 가격 최소 여자 남자 우리 신한 하나은행 우리은행 고객 주문 제품 판매 유심 조회 전부 전액
	전국 전세 전문 전송 전달 전자 전날 전원 전까지 정상 정품 정확 정리 정산 정회원 최대 최근 최신 최고 최저
	최종 이미 이후 이번 이것 이건 이게 이력 이미지 이체 이벤트 이달 지금 지역 지급 지불 지갑 지난 지난달 지참
	주로 주말 주중 주당 주부 주민등록 주민증 우선 우편 우체국 우대 유효 유료 유저 유출 유통 남성 남녀 남은
	여성 여기 여러 여행 여분 노출 노트 심사 하지만 하단 하위 하면 하고 차량 차명 차단 차액 방금 방문 방식 공개
	공급 공식 공인 공장 공용 공동 현금 현장 현물 현직 함께 함께요 변경 변동 변호사 추가 추천 추출 추후 도착
	도용 도움 도메인 소량 소개 소득 소지 소액 석달 선불 선택 선입금 선착순 선금 선생님 설명 설정 설치 마감
	마지막 마스크 길이 연결 연령 연도 위치 위조 위해 위의 위변조 표시 표준 명의 명단 명의자 명세 명함 기본
	기타 기간 기록 기존 기준 기관 기업 기재 기한 반값 반드시 반환 반납 라인 왕복 금액 금일 금융 금지 금방 옥션
	육로 인적 인터넷 인당 인원 인쇄 인감 인기 인천 제공 제외 제작 제출 제목 제일 제한 모집 모바일 모델 모두
	모든 모음 모르게 장부 장기 장소 장점 장사 장비 장애 임시 임대 임의 임직원 오전 오후 오늘 오류 오직 오픈
	오프 오더 오래 서울 서류 서비스 서명 서버 서식 신청 신용 신상 신형 신규 신속 신고 신분 신뢰 권한 권리 권당
	황금 안내 안전 안심 송금 송부 송장 송달 류별 홍보 홍콩 고화질 고정 고급 고수익 고액 고가 문자 문서 문제
	문의해 양도 양식 양호 양면 양쪽 손님 손실 배송 배달 배포 배경 백업 백만 백장 허가 허위 허용 심지어 성인
	성별 성함 성남 성능 구매 구입 구성 구분 구글 구함 구직 구해요 구비 민원 민간 민감 나머지 나중 나눔 진짜
	진행 진품 진위 엄선 엄청 채널 채팅 채권 채용 원본 원가 원하는 원하시는 원격 원룸 원래 천개 천원 천명 천장
	천만 강추 강력 조건 조작 조금 조심 조합 박스 한정 한글 한도 한국 한번 한명 한장 한개 한꺼번에 한달 우측
	우회 추적 추첨 변환 변심 염가 육개월 맹세 전일 전부다 모두다 노력 노동 곽티슈 길게 연속 연장 표지 기입
	기사 반복 반반 왕창 금번 인상 인식 인출 제휴 제시 제안 윤리 임금 임원 장문 조직 조사 조치 강제 최상 최초
	이쪽 이내 이외 이에 이름은 김치 정부 정장
`)

func wordSet(lists ...string) map[string]bool {
	set := map[string]bool{}
	for _, list := range lists {
		for _, w := range strings.Fields(list) {
			set[w] = true
		}
	}
	return set
}

// notNameEnds end Korean words that are no names: verbs, and nouns with a
// particle.
var notNameEnds = ends.New(nil, "니다", "세요", "해요", "에요", "예요", "어요", "아요", "에서", "까지", "부터", "으로", "하는", "있음", "없음", "가능", "포함", "완료")

// labelCues are the words that name a field.
var labelCues = []*cues{prcCues, rrnCues, cardCues, phoneCues, passportCues, hkCues, moCues, usccCues, orderCues}

// isName reports whether a cell is the name of a person by its form: a family
// name and one to three characters, or two to four capitalised words.
func isName(cell, original string) bool {
	return nameForm(cell, original) && !isWord(cell)
}

func nameForm(cell, original string) bool {
	first, w := utf8.DecodeRuneInString(cell)
	switch {
	case unicode.Is(unicode.Han, first):
		return scriptName(cell, unicode.Han, 4) && (strings.ContainsRune(hanSurnames, first) || compound(cell))
	case unicode.Is(unicode.Hangul, first):
		return scriptName(cell, unicode.Hangul, 4) && w < len(cell) && (strings.ContainsRune(korSurnames, first) || compound(cell))
	}
	return latinName(original)
}

// isWord reports whether a cell of that form is a word or a label all the same.
func isWord(cell string) bool {
	if notNames[cell] || notNameEnds.In(cell) {
		return true
	}
	for _, c := range labelCues {
		if c.In(cell) {
			return true
		}
	}
	return false
}

// scriptName reports whether a cell is two to high characters of one script;
// masks of the seller count.
func scriptName(cell string, script *unicode.RangeTable, high int) bool {
	n := 0
	for _, c := range cell {
		if !unicode.Is(script, c) && c != '*' && c != '○' && c != '某' && c != 'x' {
			return false
		}
		n++
	}
	return n >= 2 && n <= high
}

func compound(cell string) bool {
	for _, s := range compoundSurnames {
		if strings.HasPrefix(cell, s) {
			return true
		}
	}
	return false
}

// latinName reports whether s is two to four words that begin with a capital.
func latinName(s string) bool {
	words := strings.Fields(s)
	if len(words) < 2 || len(words) > 4 {
		return false
	}
	for _, w := range words {
		if len(w) > 20 || w[0] < 'A' || w[0] > 'Z' {
			return false
		}
		for i := 1; i < len(w); i++ {
			if !isLetter(w[i]) && w[i] != '.' && w[i] != '\'' && w[i] != '-' {
				return false
			}
		}
	}
	return true
}
