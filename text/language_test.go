package text

import "testing"

func TestLanguageIsWhatAPersonWouldSay(t *testing.T) {
	for in, want := range map[string]string{
		"":            "und",
		"12345 @a_b1": "und",
		"男女人脸照 2000张 20元 打包带走 加微信 rlz_shop1":                                                "zh",
		"已认证网证CTID 150/个 tg@wzid1":                                                          "zh",
		"臉部照片8000張 打包50元 飛機 @faceTW1":                                                       "zh",
		"身*份*证*照 0.8一张 V信:sfz_aa1":                                                          "zh",
		"出fullz SSN DOB DL scan 新鲜货 老客户优惠":                                                  "zh",
		"3,000 HQ face pictures, $8, telegram @facepics8":                                   "en",
		"Selling 身份证 selfie sets, fresh stock, all provinces, bulk discount, telegram only": "en",
		"신분증 앞뒤 사진 건당 4천원 텔레 @idfb1":                                                        "ko",
		"KYC 계정 판매 binance bybit okx verified 문의":                                           "ko",
		"身分證 신분증 사진 판매합니다":                                                                  "ko",
		"本人確認用の写真を売ります":                                                                     "und",
		"продам сканы паспортов":                                                            "und",
		"❶ ✈ 🆔": "und",
	} {
		if got, _ := Language(in); got != want {
			t.Errorf("language of %q is %s, want %s", in, got, want)
		}
	}
}
